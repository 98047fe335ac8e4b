import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What this JDK does as Elasticsearch's TLS client. Arguments: the cipher suites of Elasticsearch, joined
 * by commas, then ports on loopback. Prints the enabled versions and suites, then one line a port:
 * the port, and "yes VERSION SUITE" or "no REASON".
 */
public class Connects {
    public static void main(String[] arguments) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        var defaults = context.createSSLEngine();
        defaults.setUseClientMode(true);
        System.out.println("versions " + String.join(",", defaults.getEnabledProtocols()));
        System.out.println("suites " + String.join(",", defaults.getEnabledCipherSuites()));
        List<String> supported = Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
        String[] suites = Arrays.stream(arguments[0].split(",")).filter(supported::contains).toArray(String[]::new);
        for (String port : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
                socket.connect(new java.net.InetSocketAddress("127.0.0.1", Integer.parseInt(port)), 5000);
                socket.setSoTimeout(5000);
                // As its default supported_protocols says up to 8.x.
                socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2", "TLSv1.1"});
                socket.setEnabledCipherSuites(suites);
                socket.startHandshake();
                System.out.println(port + " yes " + socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite());
            } catch (Exception refused) {
                System.out.println(port + " no " + refused.getMessage());
            }
        }
    }

    /** Takes every certificate: only the agreement is of interest. */
    private static final class Trusting extends X509ExtendedTrustManager {
        public void checkClientTrusted(X509Certificate[] chain, String type) {}
        public void checkServerTrusted(X509Certificate[] chain, String type) {}
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
