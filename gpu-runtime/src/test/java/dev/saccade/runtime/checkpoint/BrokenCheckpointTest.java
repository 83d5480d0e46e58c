package dev.saccade.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What the engine can't run is refused when it is opened, by one sentence that names the trouble. */
class BrokenCheckpointTest {

    private static final String NORM = "model.norm.weight";

    @TempDir
    private Path dir;

    private ModelFolder folder;

    @BeforeEach
    void copy() throws IOException {
        folder = ModelFolder.copyTo(dir);
    }

    private void assertRefused(String code, String... message) {
        assertThatThrownBy(() -> Checkpoint.open(dir).close()).isInstanceOfSatisfying(ModelException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e).hasMessageContainingAll(message);
            assertThat(e.getMessage()).endsWith(".").doesNotContain(dir.toString());
        });
    }

    @Test
    void aFolderThatDoesNotExist() {
        assertThatThrownBy(() -> Checkpoint.open(dir.resolve("nowhere")))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("missing-folder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json", "model.safetensors"})
    void aMissingFileIsNamed(String name) throws IOException {
        folder.delete(name);

        assertRefused("missing-file", name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json", "generation_config.json"})
    void aFileThatIsNotJsonIsNamed(String name) throws IOException {
        folder.write(name, "{\"model_type\": ");
        assertRefused("not-json", name);
        folder.write(name, "[1]");
        assertRefused("not-json", name);
    }

    static Stream<Arguments> configurations() {
        return Stream.of(
                config("unsupported-architecture", "\"llava\"", config -> config.put("model_type", "llava")),
                config("unsupported-architecture", "unknown", config -> config.remove("model_type")),
                config("invalid-config", "num_hidden_layers", config -> config.put("num_hidden_layers", 0)),
                config("invalid-config", "hidden_size", config -> config.put("hidden_size", "256")),
                config("invalid-config", "hidden_act", config -> config.put("hidden_act", "gelu")),
                config("invalid-config", "rms_norm_eps", config -> config.put("rms_norm_eps", -1)),
                config("invalid-config", "image_token_id", config -> config.remove("image_token_id")),
                config("invalid-config", "vision_config", config -> config.remove("vision_config")),
                config("inconsistent-config", "token 5000", config -> config.put("video_token_id", 5000)),
                config("unsupported-size", "num_key_value_heads", config -> config.put("num_key_value_heads", 3)),
                config("unsupported-attention", "sliding", config -> config.put("use_sliding_window", true)),
                config("unsupported-rope", "\"yarn\"", config -> rope(config).put("type", "yarn")),
                config("unsupported-rope", "\"yarn\"", config -> rope(config).put("rope_type", "yarn")),
                config(
                        "invalid-config",
                        "mrope_section",
                        config -> rope(config)
                                .putArray("mrope_section")
                                .add(8)
                                .add(12)
                                .add(13)),
                config("invalid-config", "rope_scaling", config -> config.remove("rope_scaling")),
                config(
                        "unsupported-quantization",
                        "awq",
                        config -> config.putObject("quantization_config").put("quant_method", "awq")),
                config(
                        "unsupported-size",
                        "window_size",
                        config -> vision(config).put("window_size", 50)),
                config("unsupported-size", "num_heads", config -> vision(config).put("num_heads", 3)),
                config(
                        "unsupported-size",
                        "multiple of 4",
                        config -> vision(config).put("num_heads", 64)),
                config(
                        "inconsistent-config",
                        "out_hidden_size",
                        config -> vision(config).put("out_hidden_size", 512)),
                config(
                        "invalid-config",
                        "fullatt_block_indexes",
                        config ->
                                vision(config).putArray("fullatt_block_indexes").add(4)),
                config(
                        "inconsistent-config",
                        "patch_size",
                        config -> vision(config).put("patch_size", 28)));
    }

    private static Arguments config(String code, String message, Consumer<ObjectNode> change) {
        return arguments(code, message, change);
    }

    private static ObjectNode rope(ObjectNode config) {
        return (ObjectNode) config.get("rope_scaling");
    }

    private static ObjectNode vision(ObjectNode config) {
        return (ObjectNode) config.get("vision_config");
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void aConfigurationThatCantBeRun(String code, String message, Consumer<ObjectNode> change) throws IOException {
        folder.edit("config.json", change);

        assertRefused(code, message);
    }

    @Test
    void missingTensorsAreCountedAndTheFirstNamed() throws IOException {
        folder.edit("config.json", config -> config.put("num_hidden_layers", 6));
        assertRefused(
                "missing-tensors",
                "lacks 12 of",
                "model.layers.5.input_layernorm.weight",
                "model.layers.5.self_attn.q_proj.weight and 9 more");
    }

    @Test
    void aSingleMissingTensorIsNamed() throws IOException {
        folder.editHeader(header -> header.remove(NORM));

        assertRefused("missing-tensors", "lacks 1 of", NORM);
    }

    @Test
    void aWrongShapeSaysFoundAndNeeded() throws IOException {
        folder.editHeader(header ->
                ((ObjectNode) header.get(NORM)).putArray("shape").add(2).add(128));

        assertRefused("wrong-shape", "1 tensor has another shape", NORM + " is [2, 128]", "needs [256]");
    }

    @Test
    void weightsOfAnotherModelAreRefusedByTheirShapes() throws IOException {
        folder.edit("config.json", config -> config.put("intermediate_size", 1024));

        assertRefused("wrong-shape", "15 tensors have", "[704, 256]", "[1024, 256]", "and 12 more");
    }

    @Test
    void aNumberFormatThatIsNotReadIsNamed() throws IOException {
        folder.editHeader(header -> ((ObjectNode) header.get(NORM)).put("dtype", "F8_E4M3"));

        assertRefused("wrong-dtype", NORM, "F8_E4M3");
    }

    @Test
    void aByteRangeThatDoesNotFitItsShape() throws IOException {
        folder.editHeader(header -> ((ObjectNode) header.get(NORM)).put("dtype", "F32"));

        assertRefused("invalid-header", NORM, "512 bytes", "1024");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 5_000, 20_000, 10_000_000})
    void aTruncatedFileSaysHowMuchIsThere(long size) throws IOException {
        truncate(size);

        assertRefused("truncated-file", "model.safetensors is truncated", "download it again");
    }

    @Test
    void theLastByteCounts() throws IOException {
        truncate(Files.size(folder.file(ModelFolder.WEIGHTS)) - 1);

        assertRefused("truncated-file", "describes 10840640 bytes, the file has 10840639");
    }

    private void truncate(long size) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.file(ModelFolder.WEIGHTS).toFile(), "rw")) {
            file.setLength(size);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, (100L << 20) + 1})
    void anAbsurdHeaderLengthTakesNoMemory(long length) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.file(ModelFolder.WEIGHTS).toFile(), "rw")) {
            file.writeLong(Long.reverseBytes(length));
        }

        assertRefused("invalid-header", "is not a safetensors file", Long.toUnsignedString(length));
    }

    @Test
    void aGitPointerIsToldFromWeights() throws IOException {
        folder.write(ModelFolder.WEIGHTS, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 10852744\n");

        assertRefused("lfs-pointer", "git lfs pull");
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                arguments(
                        "overlaps",
                        entry(node -> node.putArray("data_offsets").add(8169470).add(8169982))),
                arguments(
                        "impossible byte range",
                        entry(node -> node.putArray("data_offsets").add(9).add(3))),
                arguments(
                        "impossible byte range",
                        entry(node -> node.putArray("data_offsets").add(-2).add(3))),
                arguments(
                        "impossible shape", entry(node -> node.putArray("shape").add(-256))),
                arguments(
                        "impossible shape", entry(node -> node.putArray("shape").add(1L << 40))),
                arguments("lacks its dtype", entry(node -> node.remove("dtype"))),
                arguments("lacks its dtype", entry(node -> node.putArray("data_offsets"))));
    }

    private static Consumer<ObjectNode> entry(Consumer<ObjectNode> change) {
        return change;
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aDamagedHeaderEntryIsNamed(String message, Consumer<ObjectNode> change) throws IOException {
        folder.editHeader(header -> change.accept((ObjectNode) header.get(NORM)));

        assertRefused("invalid-header", message);
    }

    @Test
    void offsetsBehindTheEndAreATruncatedFile() throws IOException {
        folder.editHeader(header -> ((ObjectNode) header.get(NORM))
                .putArray("data_offsets")
                .add(1L << 50)
                .add((1L << 50) + 512));

        assertRefused("truncated-file", "describes " + ((1L << 50) + 512));
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        folder.shard(name -> name.startsWith("visual."));
        folder.delete("model-00002-of-00002.safetensors");

        assertRefused("missing-file", "model-00002-of-00002.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other.safetensors", "/etc/x.safetensors", "..\\\\x.safetensors", "config.json"})
    void anIndexCantLeadOutOfTheFolder(String shard) throws IOException {
        folder.delete(ModelFolder.WEIGHTS);
        folder.write("model.safetensors.index.json", "{\"weight_map\": {\"" + NORM + "\": \"" + shard + "\"}}");

        assertRefused("invalid-config", "in the same folder");
    }

    @Test
    void anEmptyIndexIsRefused() throws IOException {
        folder.delete(ModelFolder.WEIGHTS);
        folder.write("model.safetensors.index.json", "{\"weight_map\": {}}");

        assertRefused("invalid-config", "names no file");
    }

    @Test
    void aTensorUnderBothOfItsNamesIsRefused() throws IOException {
        folder.rename(name -> name.equals("lm_head.weight") ? "model.language_model.norm.weight" : name);

        assertRefused("duplicate-tensor", "norm.weight");
    }
}
