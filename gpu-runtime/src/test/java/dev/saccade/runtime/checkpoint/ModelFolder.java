package dev.saccade.runtime.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A copy of the demo model in a temporary folder, to be rewritten or broken. */
final class ModelFolder {

    static final Path DEMO = Path.of(System.getProperty("saccade.home"), "gpu-runtime/demo-model");
    static final String WEIGHTS = "model.safetensors";

    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path dir;

    private ModelFolder(Path dir) {
        this.dir = dir;
    }

    static ModelFolder copyTo(Path dir) throws IOException {
        for (String name :
                new String[] {"config.json", "generation_config.json", "preprocessor_config.json", WEIGHTS}) {
            Files.copy(DEMO.resolve(name), dir.resolve(name));
        }
        return new ModelFolder(dir);
    }

    Path dir() {
        return dir;
    }

    Path file(String name) {
        return dir.resolve(name);
    }

    void delete(String name) throws IOException {
        Files.delete(file(name));
    }

    void write(String name, String text) throws IOException {
        Files.writeString(file(name), text);
    }

    /** Rewrites a JSON file in place. */
    void edit(String name, Consumer<ObjectNode> change) throws IOException {
        ObjectNode node = (ObjectNode) MAPPER.readTree(Files.readAllBytes(file(name)));
        change.accept(node);
        Files.write(file(name), MAPPER.writeValueAsBytes(node));
    }

    /** Rewrites the header of the weights; the data stay as they are. */
    void editHeader(Consumer<ObjectNode> change) throws IOException {
        Weights weights = weights();
        change.accept(weights.header());
        write(WEIGHTS, weights.header(), weights.data());
    }

    void rename(UnaryOperator<String> names) throws IOException {
        Weights weights = weights();
        ObjectNode renamed = MAPPER.createObjectNode();
        weights.header().properties().forEach(entry -> renamed.set(names.apply(entry.getKey()), entry.getValue()));
        write(WEIGHTS, renamed, weights.data());
    }

    /** Splits the weights into two files with an index: those that match, and the others. */
    void shard(Predicate<String> first) throws IOException {
        Weights weights = weights();
        String[] names = {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"};
        Map<String, String> map = new LinkedHashMap<>();
        for (int shard = 0; shard < 2; shard++) {
            ObjectNode header = MAPPER.createObjectNode();
            ByteBuffer data = ByteBuffer.allocate(weights.data().length);
            for (Map.Entry<String, JsonNode> entry : weights.header().properties()) {
                boolean tensor = !entry.getKey().equals("__metadata__");
                if (tensor && first.test(entry.getKey()) == (shard == 0)) {
                    int begin = entry.getValue().path("data_offsets").get(0).intValue();
                    int end = entry.getValue().path("data_offsets").get(1).intValue();
                    ObjectNode moved = ((ObjectNode) entry.getValue()).deepCopy();
                    moved.putArray("data_offsets").add(data.position()).add(data.position() + end - begin);
                    data.put(weights.data(), begin, end - begin);
                    header.set(entry.getKey(), moved);
                    map.put(entry.getKey(), names[shard]);
                }
            }
            byte[] written = new byte[data.flip().remaining()];
            data.get(written);
            write(names[shard], header, written);
        }
        delete(WEIGHTS);
        write("model.safetensors.index.json", MAPPER.writeValueAsString(Map.of("weight_map", map)));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Weights(ObjectNode header, byte[] data) {}

    private Weights weights() throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(file(WEIGHTS))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        byte[] data = new byte[file.remaining()];
        file.get(data);
        return new Weights((ObjectNode) MAPPER.readTree(header), data);
    }

    private void write(String name, ObjectNode header, byte[] data) throws IOException {
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file(name), file.putLong(json.length).put(json).put(data).array());
    }
}
