package lab;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.elasticsearch.ElasticsearchSecurityException;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.util.concurrent.ThreadContext;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.transport.RemoteConnectionManager;
import org.elasticsearch.transport.Transport;
import org.elasticsearch.transport.TransportInterceptor;
import org.elasticsearch.transport.TransportRequest;
import org.elasticsearch.transport.TransportRequestHandler;
import org.elasticsearch.transport.TransportRequestOptions;
import org.elasticsearch.transport.TransportResponse;
import org.elasticsearch.transport.TransportResponseHandler;
import org.elasticsearch.transport.TransportService;

/**
 * The emulated part: what the unpublished security module does with cross-cluster API keys, on the real `_remote_cluster` listener.
 * `lab.keys` lists the keys a remote knows as ID:SECRET:cross_cluster|rest:active|expired|invalidated; `lab.licence: basic` makes it refuse.
 */
public class CrossClusterKeys implements TransportInterceptor {
    private static final String CREDENTIALS = "_cross_cluster_access_credentials";
    private static final String SUBJECT = "_cross_cluster_access_subject_info";

    private record Key(String secret, String type, String state) {}

    private final ThreadContext context;
    private final Map<String, Key> keys = new HashMap<>();
    private final String licence;

    CrossClusterKeys(Settings settings, ThreadContext context) {
        this.context = context;
        for (String key : settings.getAsList("lab.keys")) {
            String[] part = key.split(":");
            keys.put(part[0], new Key(part[1], part[2], part[3]));
        }
        licence = settings.get("lab.licence", "trial");
    }

    @Override
    public <T extends TransportRequest> TransportRequestHandler<T> interceptHandler(
            String action, Executor executor, boolean force, TransportRequestHandler<T> handler) {
        return (request, channel, task) -> {
            if ("_remote_cluster".equals(channel.getProfileName()) && !action.equals("internal:tcp/handshake")) check();
            handler.messageReceived(request, channel, task);
        };
    }

    /** Refuses the request in the words of the real module unless its headers carry a key that may be used. */
    private void check() {
        String header = context.getHeader(CREDENTIALS);
        String requests = "Cross cluster requests through the dedicated remote cluster server port require transport header [";
        if (header == null)
            throw denied("failed to extract credentials from headers", new IllegalArgumentException(requests + CREDENTIALS
                + "] but none found. Please ensure you have configured remote cluster credentials on the cluster originating the request."));
        String id, secret;
        try {
            String[] part = new String(Base64.getDecoder().decode(header.substring("ApiKey ".length())), StandardCharsets.UTF_8).split(":");
            id = part[0];
            secret = part[1];
        } catch (RuntimeException e) {
            throw denied("failed to extract credentials from headers",
                new IllegalArgumentException("transport header [" + CREDENTIALS + "] value must be a valid API key credential", e));
        }
        Key key = keys.get(id);
        if (key == null) throw denied("unable to find apikey with id " + id, null);
        if (key.state.equals("invalidated")) throw denied("api key [" + id + "] has been invalidated", null);
        if (!key.secret.equals(secret)) throw denied("invalid credentials for API key [" + id + "]", null);
        if (!key.type.equals("cross_cluster"))
            throw denied("authentication expected API key type of [cross_cluster], but API key [" + id + "] has type [" + key.type + "]", null);
        if (key.state.equals("expired")) throw denied("api key is expired", null);
        if (licence.equals("basic"))
            throw new ElasticsearchSecurityException("current license is non-compliant for [advanced-remote-cluster-security]", RestStatus.FORBIDDEN);
        if (context.getHeader(SUBJECT) == null) throw new IllegalArgumentException(requests + SUBJECT + "] but none found");
    }

    private static ElasticsearchSecurityException denied(String message, Throwable cause) {
        return new ElasticsearchSecurityException(message, RestStatus.UNAUTHORIZED, cause);
    }

    @Override
    public AsyncSender interceptSender(AsyncSender sender) {
        return new AsyncSender() {
            @Override
            public <T extends TransportResponse> void sendRequest(Transport.Connection connection, String action, TransportRequest request,
                    TransportRequestOptions options, TransportResponseHandler<T> handler) {
                var remote = RemoteConnectionManager.resolveRemoteClusterAliasWithCredentials(connection);
                if (remote.isEmpty() || remote.get().credentials() == null) {
                    sender.sendRequest(connection, action, request, options, handler);
                    return;
                }
                String handshake = action.equals("internal:transport/handshake") ? "cluster:internal/remote_cluster/handshake" : action;
                var stored = context.newStoredContext();
                try (stored) {
                    if (context.getHeader(CREDENTIALS) == null) {
                        context.putHeader(CREDENTIALS, "ApiKey " + remote.get().credentials());
                        context.putHeader(SUBJECT, "e30=");
                    }
                    var restoring = new TransportService.ContextRestoreResponseHandler<>(context.newRestorableContext(false), handler);
                    sender.sendRequest(connection, handshake, request, options, restoring);
                }
            }
        };
    }
}
