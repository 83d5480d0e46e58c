package dev.saccade.quickstart.kubernetes;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart in {@code helm/saccade}, rendered by Helm as a library. */
final class Chart {

    static final Path FOLDER = Path.of("..", "helm", "saccade").toAbsolutePath().normalize();
    /** Each with the images' digests beside it. */
    static final List<String> EXAMPLES =
            List.of("one-gpu-node", "gpu-pool", "cpu-only", "existing-services", "openshift");

    private static final String RELEASE = "sac";
    private static final String NAMESPACE = "saccade";

    private final Path folder;

    /**
     * Hooks are ordinary objects here: Helm's library gives out none.
     *
     * @param work an empty folder for a copy of the chart
     */
    Chart(Path work) {
        folder = work;
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = work.resolve(FOLDER.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.writeString(copy, Files.readString(file).replace("helm.sh/hook: ", "saccade.dev/hook: "));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What an example becomes, with values such as {@code api.replicas=3} set beside it.
     *
     * @throws IllegalStateException with Helm's message, where the chart refuses it
     */
    List<Manifest> render(String example, String... settings) {
        var template = new Helm(folder)
                .template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.37.2")
                .withValuesFile(folder.resolve("examples/images.yaml"))
                .withValuesFile(folder.resolve("examples/" + example + ".yaml"))
                .set("checkSecrets", "false");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            template.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return documents(template.call());
    }

    /** Objects of a stream of YAML documents. */
    static List<Manifest> documents(String yaml) {
        var loaded = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml);
        return StreamSupport.stream(loaded.spliterator(), false)
                .filter(Map.class::isInstance)
                .map(document -> new Manifest(Manifest.map(document)))
                .toList();
    }

    /** One YAML file of the chart. */
    static Object file(String name) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FOLDER.resolve(name)));
    }
}
