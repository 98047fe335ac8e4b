package lab;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.elasticsearch.TransportVersion;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.network.NetworkService;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.ssl.SslClientAuthenticationMode;
import org.elasticsearch.common.ssl.SslConfiguration;
import org.elasticsearch.common.ssl.SslConfigurationLoader;
import org.elasticsearch.common.util.PageCacheRecycler;
import org.elasticsearch.common.util.concurrent.ThreadContext;
import org.elasticsearch.indices.breaker.CircuitBreakerService;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.transport.ConnectionProfile;
import org.elasticsearch.transport.Transport;
import org.elasticsearch.transport.TransportInterceptor;
import org.elasticsearch.transport.netty4.Netty4Plugin;
import org.elasticsearch.transport.netty4.Netty4Transport;
import org.elasticsearch.transport.netty4.SharedGroupFactory;

/**
 * Transport type `tls`: the stock Netty transport behind the JDK's TLS, configured by the real xpack.security.*.ssl settings
 * (and transport.profiles.NAME.xpack.security.ssl for further listeners) through Elasticsearch's own loader.
 */
public class TlsTransportPlugin extends Netty4Plugin {
    private final Settings settings;
    private final Path config;

    public TlsTransportPlugin(Settings settings, Path config) {
        this.settings = settings;
        this.config = config;
    }

    @Override
    public List<Setting<?>> getSettings() {
        List<Setting<?>> all = new ArrayList<>(super.getSettings());
        for (String group : List.of("transport", "remote_cluster_server", "remote_cluster_client"))
            all.add(Setting.groupSetting("xpack.security." + group + ".ssl.", Setting.Property.NodeScope));
        for (String key : List.of("certificate", "key", "client_authentication"))
            all.add(Setting.affixKeySetting("transport.profiles.", "xpack.security.ssl." + key,
                name -> Setting.simpleString(name, Setting.Property.NodeScope)));
        for (String key : List.of("certificate_authorities", "supported_protocols"))
            all.add(Setting.affixKeySetting("transport.profiles.", "xpack.security.ssl." + key,
                name -> Setting.stringListSetting(name, Setting.Property.NodeScope)));
        all.add(Setting.stringListSetting("lab.keys", Setting.Property.NodeScope));
        all.add(Setting.simpleString("lab.licence", "trial", Setting.Property.NodeScope));
        return all;
    }

    @Override
    public Map<String, Supplier<Transport>> getTransports(Settings s, ThreadPool pool, PageCacheRecycler recycler,
            CircuitBreakerService breakers, NamedWriteableRegistry registry, NetworkService network) {
        Map<String, Supplier<Transport>> all = new HashMap<>(super.getTransports(s, pool, recycler, breakers, registry, network));
        all.put("tls", () -> new TlsTransport(s, pool, network, recycler, registry, breakers, new Tls(settings, config)));
        return all;
    }

    @Override
    public List<TransportInterceptor> getTransportInterceptors(NamedWriteableRegistry registry, ThreadContext context) {
        return List.of(new CrossClusterKeys(settings, context));
    }

    private static class TlsTransport extends Netty4Transport {
        private final Tls tls;

        TlsTransport(Settings s, ThreadPool pool, NetworkService network, PageCacheRecycler recycler, NamedWriteableRegistry registry,
                CircuitBreakerService breakers, Tls tls) {
            super(s, TransportVersion.current(), pool, network, recycler, registry, breakers, new SharedGroupFactory(s));
            this.tls = tls;
        }

        @Override
        protected ChannelHandler getServerChannelInitializer(String profile) {
            SslConfiguration configuration = tls.configuration(switch (profile) {
                case "_remote_cluster" -> "xpack.security.remote_cluster_server.ssl.";
                case "default" -> "xpack.security.transport.ssl.";
                default -> "transport.profiles." + profile + ".xpack.security.ssl.";
            });
            return new ServerChannelInitializer(profile) {
                @Override
                protected void initChannel(Channel channel) throws Exception {
                    super.initChannel(channel);
                    channel.pipeline().addFirst("sslhandler", new SslHandler(tls.server(configuration)));
                }
            };
        }

        @Override
        protected ChannelHandler getClientChannelInitializer(DiscoveryNode node, ConnectionProfile profile) {
            boolean withKey = "_remote_cluster".equals(profile.getTransportProfile());
            SslConfiguration configuration = tls.configuration("xpack.security." + (withKey ? "remote_cluster_client" : "transport") + ".ssl.");
            String serverName = node.getAttributes().get("server_name");
            return new ClientChannelInitializer() {
                @Override
                protected void initChannel(Channel channel) throws Exception {
                    super.initChannel(channel);
                    channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
                        @Override
                        public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise)
                                throws Exception {
                            ctx.pipeline().replace(this, "ssl", new SslHandler(tls.client(configuration, (InetSocketAddress) remote, serverName)));
                            super.connect(ctx, remote, local, promise);
                        }
                    });
                }
            };
        }
    }

    /** Engines as Elasticsearch makes them: one context a configuration, the peer's host and port only when names are verified. */
    private record Tls(Settings settings, Path config, Map<SslConfiguration, SSLContext> contexts) {
        Tls(Settings settings, Path config) {
            this(settings, config, new ConcurrentHashMap<>());
        }

        /** The loader asks for whole setting names, prefix included. */
        SslConfiguration configuration(String prefix) {
            SslConfigurationLoader loader = new SslConfigurationLoader(prefix) {
                @Override
                protected boolean hasSettings(String group) {
                    return !settings.getAsSettings(group).isEmpty();
                }

                @Override
                protected String getSettingAsString(String key) {
                    return settings.get(key);
                }

                @Override
                protected char[] getSecureSetting(String key) {
                    return null;
                }

                @Override
                protected List<String> getSettingAsList(String key) {
                    return settings.getAsList(key);
                }
            };
            boolean keyPort = prefix.contains("remote_cluster_server");
            loader.setDefaultClientAuth(keyPort ? SslClientAuthenticationMode.NONE : SslClientAuthenticationMode.REQUIRED);
            return loader.load(config);
        }

        SSLEngine server(SslConfiguration configuration) {
            SSLEngine engine = context(configuration).createSSLEngine();
            engine.setUseClientMode(false);
            engine.setEnabledProtocols(configuration.supportedProtocols().toArray(String[]::new));
            if (configuration.clientAuth() == SslClientAuthenticationMode.REQUIRED) engine.setNeedClientAuth(true);
            if (configuration.clientAuth() == SslClientAuthenticationMode.OPTIONAL) engine.setWantClientAuth(true);
            return engine;
        }

        SSLEngine client(SslConfiguration configuration, InetSocketAddress remote, String serverName) {
            boolean verifyName = configuration.verificationMode().isHostnameVerificationEnabled();
            SSLContext context = context(configuration);
            SSLEngine engine = verifyName ? context.createSSLEngine(remote.getHostString(), remote.getPort()) : context.createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            if (verifyName) parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (serverName != null) parameters.setServerNames(List.of(new SNIHostName(serverName)));
            engine.setSSLParameters(parameters);
            return engine;
        }

        private SSLContext context(SslConfiguration configuration) {
            return contexts.computeIfAbsent(configuration, SslConfiguration::createSslContext);
        }
    }
}
