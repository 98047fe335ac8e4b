// The pictures that README and the documentation show.
import { withBrowser } from './chromium.js';

const [url, folder] = process.argv.slice(2);
// From the top, or from a heading on; in CSS pixels.
const pictures = [
  { name: 'overview', path: '/', width: 1120, height: 946, colorScheme: 'light' },
  { name: 'link', path: '/links/expired', width: 1120, height: 1136, colorScheme: 'light' },
  { name: 'link-dark', path: '/links/expired', from: 'Certificates', width: 1120, height: 1076, colorScheme: 'dark' },
  { name: 'phone', path: '/links/name-differs', width: 390, height: 1016, colorScheme: 'light' },
];

await withBrowser(async (browser) => {
  for (const { name, path, from, width, height, colorScheme } of pictures) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 2 });
    await page.goto(url + path);
    const y = from ? (await page.getByRole('heading', { name: from, exact: true }).boundingBox()).y - 28 : 0;
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true, clip: { x: 0, y, width, height } });
    await page.close();
  }
});
