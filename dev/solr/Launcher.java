import org.apache.solr.embedded.JettySolrRunner;

/** Starts Solr on 127.0.0.1 with the given home folder and port, and closes its index on exit. */
public class Launcher {
    public static void main(String[] arguments) throws Exception {
        JettySolrRunner server =
                new JettySolrRunner(arguments[0], "/solr", Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
        server.start();
        Thread.currentThread().join();
    }

    private static void stop(JettySolrRunner server) {
        try {
            server.stop();
        } catch (Exception error) {
            error.printStackTrace();
        }
    }
}
