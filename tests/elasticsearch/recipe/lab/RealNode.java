package lab;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.elasticsearch.common.settings.KeyStoreWrapper;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;

/**
 * Starts one real node from a home laid out by home.sh: RealNode HOME CONFIG_DIR. It prints STARTED when the node serves.
 * The constructors moved between 7.17 and 9.5, hence the reflection.
 */
public class RealNode {
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        Path config = Path.of(arguments[1]).toAbsolutePath();
        Class<?> logging = Class.forName("org.elasticsearch.common.logging.LogConfigurator");
        logging.getMethod("setNodeName", String.class).invoke(null, "n");
        logging.getMethod("registerErrorListener").invoke(null);
        if (has(logging, "configureESLogging")) logging.getMethod("configureESLogging").invoke(null);

        Settings.Builder settings = Settings.builder().loadFromPath(config.resolve("elasticsearch.yml")).put("path.home", home);
        Path secrets = config.resolve("secrets.properties");
        if (Files.exists(secrets)) settings.setSecureSettings(keystore(secrets));
        Environment environment = new Environment(settings.build(), config);

        Method configure = fewest(logging, "configure");
        if (configure.getParameterCount() == 1) configure.invoke(null, environment);
        else configure.invoke(null, environment, true);

        Node node = node(environment, home);
        node.start();
        System.out.println("STARTED");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
        Thread.currentThread().join();
    }

    private static KeyStoreWrapper keystore(Path file) throws Exception {
        KeyStoreWrapper keystore = KeyStoreWrapper.create();
        Properties secrets = new Properties();
        try (var in = Files.newInputStream(file)) {
            secrets.load(in);
        }
        Method set = KeyStoreWrapper.class.getDeclaredMethod("setString", String.class, char[].class);
        set.trySetAccessible(); // package-private in 7.17
        for (String name : secrets.stringPropertyNames()) set.invoke(keystore, name, secrets.getProperty(name).toCharArray());
        return keystore;
    }

    private static Node node(Environment environment, Path home) throws Exception {
        for (Constructor<?> c : Node.class.getConstructors())
            if (c.getParameterCount() == 1) return (Node) c.newInstance(environment);
        for (Constructor<?> c : Node.class.getConstructors())
            if (c.getParameterCount() == 2) return (Node) c.newInstance(environment, pluginsLoader(home));
        throw new NoSuchMethodException("no known constructor of Node");
    }

    /** What later versions want beside the environment: a loader of the modules below HOME. */
    private static Object pluginsLoader(Path home) throws Exception {
        Class<?> loader = Class.forName("org.elasticsearch.plugins.PluginsLoader");
        Method create = fewest(loader, "createPluginsLoader");
        Object[] values = new Object[create.getParameterCount()];
        for (int i = 0; i < values.length; i++) {
            Class<?> type = create.getParameterTypes()[i];
            values[i] = type == boolean.class ? Boolean.FALSE : type == Set.class ? Set.of() : Map.of();
        }
        if (create.getParameterTypes()[0] == Path.class) {
            values[0] = home.resolve("modules");
            values[1] = home.resolve("plugins");
        } else {
            Method bundles = fewest(loader, "loadModulesBundles");
            Path modules = home.resolve("modules");
            values[0] = bundles.getParameterCount() == 1 ? bundles.invoke(null, modules) : bundles.invoke(null, modules, false);
        }
        return create.invoke(null, values);
    }

    private static boolean has(Class<?> type, String name) {
        return Arrays.stream(type.getMethods()).anyMatch(m -> m.getName().equals(name));
    }

    private static Method fewest(Class<?> type, String name) throws NoSuchMethodException {
        return Arrays.stream(type.getMethods())
            .filter(m -> m.getName().equals(name))
            .min(Comparator.comparingInt(Method::getParameterCount))
            .orElseThrow(() -> new NoSuchMethodException(type + "." + name));
    }
}
