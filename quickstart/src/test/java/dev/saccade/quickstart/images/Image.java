package dev.saccade.quickstart.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An image, unpacked as a container engine would.
 *
 * @param folder where it was unpacked to
 * @param config how it is to be run, as the image says
 */
record Image(Path folder, JsonNode config) {

    /** @param file as {@code docker save} writes it */
    static Image unpack(Path file, Path folder) throws IOException {
        Path archive = Files.createDirectories(folder.resolve("archive"));
        Path root = Files.createDirectories(folder.resolve("rootfs"));
        Commands.run("tar", "-xf", file.toString(), "-C", archive.toString());
        JsonNode manifest =
                JsonMapper.shared().readTree(archive.resolve("manifest.json")).get(0);
        for (JsonNode layer : manifest.path("Layers")) {
            Commands.run("tar", "-xf", archive.resolve(layer.asString()).toString(), "-C", root.toString());
        }
        JsonNode whole = JsonMapper.shared()
                .readTree(archive.resolve(manifest.path("Config").asString()));
        Commands.run("rm", "-rf", archive.toString());
        return new Image(folder, whole.path("config"));
    }

    /** Its file system. */
    Path root() {
        return folder.resolve("rootfs");
    }

    List<String> entrypoint() {
        return texts("Entrypoint");
    }

    List<String> environment() {
        return texts("Env");
    }

    private List<String> texts(String name) {
        return config.path(name).valueStream().map(JsonNode::asString).toList();
    }
}
