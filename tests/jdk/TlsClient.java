import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What the JDK's TLS says of a certificate, asked as Elasticsearch asks it: the PKIX trust manager over the certificates
 * of one PEM file, and for mode "full" a client engine with the dialled host as its peer and HTTPS endpoint
 * identification. Mode "certificate" has neither peer nor endpoint identification.
 *
 * <p>Arguments: a PEM file with a PKCS #8 EC key and one with its certificate, for the handshakes of "ask".
 * Standard input has one case a line, its fields divided by tabs, "-" for one that is not given:
 *
 * <pre>
 * connect  PORT              DIALLED  SERVER_NAME  CA_FILE  MODE
 * ask      CHAIN_FILE        DIALLED  SERVER_NAME  CA_FILE  MODE  PURPOSE  AT
 * </pre>
 *
 * "connect" is a TLS handshake with 127.0.0.1:PORT. "ask" asks the trust manager about the chain of a file, inside a
 * handshake between two engines in memory, so that the session it sees is a real one; PURPOSE is server or client, AT
 * the instant of validity. Each case is answered by one line of JSON: verdict, error and the time.
 */
public final class TlsClient {
    private static final int TIMEOUT_MILLISECONDS = 5_000;

    private TlsClient() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        KeyStore throwaway = keyStore(Path.of(arguments[0]), Path.of(arguments[1]));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] field = line.split("\t", -1);
            Instant at = Instant.now();
            String error = null;
            try {
                if (field[0].equals("connect")) {
                    connect(field);
                } else {
                    ask(field, throwaway);
                }
            } catch (Exception | StackOverflowError refused) {
                error = describe(refused);
            }
            out.println("{\"verdict\":\"" + (error == null ? "accept" : "reject") + "\",\"error\":"
                + (error == null ? "null" : quoted(error)) + ",\"at\":\"" + at + "\"}");
        }
    }

    // --- the two ways -------------------------------------------------------------------------------------------

    private static void connect(String[] field) throws Exception {
        SSLEngine client = client(field, trustManagers(field[4], null));
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLISECONDS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(field[1])), TIMEOUT_MILLISECONDS);
            new Handshake(client, socket.getInputStream(), socket.getOutputStream()).run();
        }
    }

    private static void ask(String[] field, KeyStore throwaway) throws Exception {
        Instant at = field[7].equals("-") ? null : Instant.parse(field[7]);
        Collection<? extends Certificate> chain = certificates(Path.of(field[1]));
        Swapped swapped = new Swapped((X509ExtendedTrustManager) trustManagers(field[4], at)[0],
            chain.toArray(X509Certificate[]::new));
        boolean clients = field[6].equals("client");

        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(throwaway, new char[0]);
        SSLContext serverContext = SSLContext.getInstance("TLS");
        serverContext.init(keys.getKeyManagers(), new TrustManager[] {clients ? swapped : new Anyone()}, null);
        SSLEngine server = serverContext.createSSLEngine();
        server.setUseClientMode(false);
        server.setNeedClientAuth(clients);

        SSLContext clientContext = SSLContext.getInstance("TLS");
        clientContext.init(keys.getKeyManagers(), new TrustManager[] {clients ? new Anyone() : swapped}, null);
        try {
            memory(clients ? plain(clientContext) : engine(field, clientContext), server);
        } catch (SSLException ended) {
            if (!swapped.asked) {
                throw ended;
            }
        }
        if (!swapped.asked) {
            throw new IllegalStateException("the trust manager was not asked");
        }
        if (swapped.refused != null) {
            throw swapped.refused;
        }
    }

    // --- as Elasticsearch sets up a client ------------------------------------------------------------------------

    private static SSLEngine client(String[] field, TrustManager[] trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        return engine(field, context);
    }

    private static SSLEngine engine(String[] field, SSLContext context) {
        boolean full = field[5].equals("full");
        SSLEngine engine = full ? context.createSSLEngine(field[2], 9300) : context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (full) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!field[3].equals("-")) {
            parameters.setServerNames(List.of(new SNIHostName(field[3])));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLEngine plain(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        return engine;
    }

    private static TrustManager[] trustManagers(String file, Instant at) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(Path.of(file))) {
            store.setCertificateEntry("cert-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        if (at == null) {
            factory.init(store);
        } else {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            factory.init(new CertPathTrustManagerParameters(parameters));
        }
        return factory.getTrustManagers();
    }

    /**
     * Asks the real trust manager about other certificates than those that were presented, keeps its answer, and ends
     * the handshake, whose rest would cost more than the question.
     */
    private static final class Swapped extends Anyone {
        private final X509ExtendedTrustManager real;
        private final X509Certificate[] chain;
        private boolean asked;
        private Exception refused;

        Swapped(X509ExtendedTrustManager real, X509Certificate[] chain) {
            this.real = real;
            this.chain = chain;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] presented, String type, SSLEngine engine)
            throws CertificateException {
            asked = true;
            try {
                real.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm(), engine);
            } catch (Exception failure) {
                refused = failure;
            }
            throw new CertificateException("asked");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] presented, String type, SSLEngine engine)
            throws CertificateException {
            asked = true;
            try {
                real.checkServerTrusted(chain, type, engine);
            } catch (Exception failure) {
                refused = failure;
            }
            throw new CertificateException("asked");
        }
    }

    private static class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    // --- handshakes -----------------------------------------------------------------------------------------------

    /** A client engine over blocking streams. */
    private static final class Handshake {
        private final SSLEngine engine;
        private final InputStream in;
        private final OutputStream out;
        private final ByteBuffer outgoing;
        private final ByteBuffer application;
        private ByteBuffer incoming;

        Handshake(SSLEngine engine, InputStream in, OutputStream out) {
            this.engine = engine;
            this.in = in;
            this.out = out;
            outgoing = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            application = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            incoming = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            incoming.flip();
        }

        void run() throws Exception {
            engine.beginHandshake();
            try {
                while (step()) {
                    continue;
                }
            } catch (Exception failure) {
                sayGoodbye();
                throw failure;
            }
        }

        private boolean step() throws Exception {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK:
                    tasks(engine);
                    return true;
                case NEED_WRAP:
                    send();
                    return true;
                case NEED_UNWRAP:
                case NEED_UNWRAP_AGAIN:
                    receive();
                    return true;
                default:
                    return false;
            }
        }

        private void send() throws Exception {
            outgoing.clear();
            SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), outgoing);
            out.write(outgoing.array(), 0, outgoing.position());
            out.flush();
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new SSLException("closed");
            }
        }

        private void receive() throws Exception {
            application.clear();
            SSLEngineResult result = engine.unwrap(incoming, application);
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW:
                    incoming.compact();
                    if (!incoming.hasRemaining()) {
                        incoming.flip();
                        incoming = ByteBuffer.allocate(incoming.capacity() * 2).put(incoming);
                    }
                    int read = in.read(incoming.array(), incoming.position(), incoming.remaining());
                    incoming.position(incoming.position() + Math.max(read, 0)).flip();
                    if (read < 0) {
                        throw new EOFException("the server closed the connection");
                    }
                    break;
                case CLOSED:
                    throw new SSLException("closed");
                default:
            }
        }

        private void sayGoodbye() {
            try {
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    outgoing.clear();
                    engine.wrap(ByteBuffer.allocate(0), outgoing);
                    out.write(outgoing.array(), 0, outgoing.position());
                }
                out.flush();
            } catch (Exception alreadyFailed) {
                return;
            }
        }
    }

    /** A handshake between two engines, until both are done. */
    private static void memory(SSLEngine client, SSLEngine server) throws SSLException {
        int size = client.getSession().getPacketBufferSize();
        ByteBuffer toServer = ByteBuffer.allocate(2 * size);
        ByteBuffer toClient = ByteBuffer.allocate(2 * size);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < 200 && !(idle(client) && idle(server)); round++) {
            move(client, toClient, toServer);
            move(server, toServer, toClient);
        }
    }

    private static void move(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK:
                tasks(engine);
                break;
            case NEED_WRAP:
                engine.wrap(ByteBuffer.allocate(0), out);
                break;
            default:
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
                in.compact();
        }
    }

    private static boolean idle(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void tasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    // --- files and words --------------------------------------------------------------------------------------------

    private static Collection<? extends Certificate> certificates(Path file) throws Exception {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static KeyStore keyStore(Path keyFile, Path certificateFile) throws Exception {
        String pem = Files.readString(keyFile).replaceAll("-----[A-Z ]+-----|\\s", "");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("throwaway",
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem))),
            new char[0], certificates(certificateFile).toArray(Certificate[]::new));
        return store;
    }

    /** The exception's class and those of its causes from outer to inner, then the innermost message. */
    private static String describe(Throwable failure) {
        StringBuilder classes = new StringBuilder();
        Throwable last = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            classes.append(classes.length() == 0 ? "" : " > ").append(cause.getClass().getSimpleName());
            last = cause;
        }
        return classes + ": " + last.getMessage();
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
