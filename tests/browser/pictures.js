// The pictures that README and the documentation show.
import { withBrowser } from './chromium.js';

const [url, folder] = process.argv.slice(2);
const wide = { width: 1120, height: 1000 };
const pictures = [
  ['overview', '/', wide, 'light'],
  ['link', '/links/expired', wide, 'light'],
  ['link-dark', '/links/expired', wide, 'dark'],
  ['phone', '/links/name-differs', { width: 390, height: 844 }, 'light'],
];

await withBrowser(async (browser) => {
  for (const [name, path, viewport, colorScheme] of pictures) {
    const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 2 });
    await page.goto(url + path);
    await page.screenshot({ path: `${folder}/${name}.png` });
    await page.close();
  }
});
