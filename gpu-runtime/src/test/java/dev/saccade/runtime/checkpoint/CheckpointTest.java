package dev.saccade.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class CheckpointTest {

    private static final String QUERY = "model.layers.0.self_attn.q_proj.weight";

    @Test
    void opensTheDemoModel() {
        try (Checkpoint checkpoint = Checkpoint.open(ModelFolder.DEMO)) {
            assertThat(checkpoint.config())
                    .isEqualTo(new ModelConfig(
                            new TextConfig(256, 5, 4, 2, 64, 704, 768, 4096, 1e-6, 1e6, List.of(8, 12, 12), false),
                            new VisionConfig(4, 128, 340, 4, 3, 14, 2, 2, 56, 256, Set.of(1, 3), 2),
                            727,
                            728,
                            724,
                            725,
                            Set.of(717, 715)));
            assertThat(checkpoint.parameters()).isEqualTo(10_840_640 / 2);
            assertThat(checkpoint.preprocessor().minPixels()).isEqualTo(3136);
            assertThat(checkpoint.preprocessor().maxPixels()).isEqualTo(12544);
            assertThat(checkpoint.preprocessor().mean()).containsExactly(0.48145467f, 0.4578275f, 0.40821072f);
            assertThat(checkpoint.samplingDefaults().temperature()).isEqualTo(0.6);
            assertThat(checkpoint.samplingDefaults().topP()).isEqualTo(0.95);
            assertThat(checkpoint.samplingDefaults().repetitionPenalty()).isEqualTo(1.05);
        }
    }

    @Test
    void sizesOfTheSevenBillionModelGiveItsParameterCounts() {
        TextConfig text =
                new TextConfig(3584, 28, 28, 4, 128, 18944, 152064, 128000, 1e-6, 1e6, List.of(16, 24, 24), false);
        VisionConfig vision = new VisionConfig(32, 1280, 3420, 16, 3, 14, 2, 2, 112, 3584, Set.of(7, 15, 23, 31), 2);
        Map<String, int[]> expected = ExpectedTensors.of(new ModelConfig(text, vision, 0, 0, 0, 0, Set.of()));

        // 8,292,166,656 in all, as the checkpoint's index counts; the card of Cosmos-Reason1 gives 675,759,104 for the
        // tower
        assertThat(parameters(expected, "visual.")).isEqualTo(676_550_144L);
        assertThat(parameters(expected, "model.")).isEqualTo(7_070_619_136L);
        assertThat(parameters(expected, "lm_head.")).isEqualTo(544_997_376L);
    }

    private static long parameters(Map<String, int[]> shapes, String prefix) {
        long sum = 0;
        for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                long elements = 1;
                for (int side : entry.getValue()) {
                    elements *= side;
                }
                sum += elements;
            }
        }
        return sum;
    }

    @Test
    void newerNamesGiveTheSameTensors(@TempDir Path dir) throws IOException {
        ModelFolder folder = ModelFolder.copyTo(dir);
        folder.rename(name -> {
            if (name.startsWith("visual.")) {
                return "model." + name;
            }
            return name.startsWith("model.") ? "model.language_model." + name.substring("model.".length()) : name;
        });

        assertSameTensors(dir);
    }

    @Test
    void shardsGiveTheSameTensors(@TempDir Path dir) throws IOException {
        ModelFolder folder = ModelFolder.copyTo(dir);
        folder.shard(name -> name.hashCode() % 2 == 0);

        assertSameTensors(dir);
    }

    private static void assertSameTensors(Path dir) {
        try (Checkpoint demo = Checkpoint.open(ModelFolder.DEMO);
                Checkpoint other = Checkpoint.open(dir)) {
            assertThat(other.config()).isEqualTo(demo.config());
            Map<String, int[]> expected = ExpectedTensors.of(demo.config());
            assertThat(expected).hasSizeGreaterThan(100);
            expected.forEach((name, shape) -> {
                Tensor ours = other.tensor(name, shape);
                assertThat(ours.dtype()).isEqualTo(DType.BF16);
                assertThat(ours.data().mismatch(demo.tensor(name, shape).data()))
                        .as(name)
                        .isEqualTo(-1);
            });
        }
    }

    @Test
    void configurationOfTheNewerGenerationReadsTheSame(@TempDir Path dir) throws IOException {
        ModelFolder folder = ModelFolder.copyTo(dir);
        folder.edit("config.json", config -> {
            ObjectNode text = config.objectNode();
            for (String field : List.copyOf(config.propertyNames())) {
                boolean top = field.endsWith("_token_id") && !field.equals("eos_token_id");
                if (!top
                        && !Set.of("model_type", "architectures", "vision_config")
                                .contains(field)) {
                    text.set(field, config.remove(field));
                }
            }
            ObjectNode rope = (ObjectNode) text.remove("rope_scaling");
            rope.put("rope_type", "default");
            rope.set("rope_theta", text.remove("rope_theta"));
            text.set("rope_parameters", rope);
            text.put("model_type", "qwen2_5_vl_text");
            config.set("text_config", text);
        });
        folder.delete("generation_config.json");

        try (Checkpoint demo = Checkpoint.open(ModelFolder.DEMO);
                Checkpoint newer = Checkpoint.open(dir)) {
            assertThat(newer.config().text()).isEqualTo(demo.config().text());
            assertThat(newer.config().vision()).isEqualTo(demo.config().vision());
            assertThat(newer.config().eosTokenIds()).as("of config.json").isEqualTo(Set.of(717));
        }
    }

    @Test
    void tiedEmbeddingsAreTheOutputProjection(@TempDir Path dir) throws IOException {
        ModelFolder folder = ModelFolder.copyTo(dir);
        folder.edit("config.json", config -> config.put("tie_word_embeddings", true));
        folder.editHeader(header -> header.remove("lm_head.weight"));

        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            assertThat(checkpoint.tensor("lm_head.weight", 768, 256).data())
                    .isEqualTo(checkpoint
                            .tensor("model.embed_tokens.weight", 768, 256)
                            .data());
            assertThat(checkpoint.parameters()).isEqualTo(10_840_640 / 2 - 768 * 256);
        }
    }

    @Test
    void valuesAreWhatTheFileHolds() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(ModelFolder.DEMO)) {
            Tensor norm = checkpoint.tensor("model.norm.weight", 256);
            // the range that the file's header gives, behind 8 + 12,096 bytes of header
            ByteBuffer raw = ByteBuffer.wrap(Files.readAllBytes(ModelFolder.DEMO.resolve(ModelFolder.WEIGHTS)))
                    .slice(8 + 12_096 + 8_169_472, 512)
                    .order(ByteOrder.LITTLE_ENDIAN);

            float[] values = norm.toFloats();
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).isEqualTo(Float.intBitsToFloat(raw.getShort(2 * i) << 16));
            }
        }
    }

    @Test
    void everyNumberFormatIsWidenedExactly() {
        MemorySegment half = MemorySegment.ofArray(new byte[] {0, 0x3c, 0, (byte) 0xc1});
        MemorySegment brain = MemorySegment.ofArray(new byte[] {(byte) 0x80, 0x3f, 0x20, (byte) 0xc0});
        MemorySegment single = MemorySegment.ofArray(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0x20, (byte) 0xc0});

        assertThat(new Tensor("t", DType.F16, new int[] {2}, half).toFloats()).containsExactly(1, -2.5f);
        assertThat(new Tensor("t", DType.BF16, new int[] {2}, brain).toFloats()).containsExactly(1, -2.5f);
        assertThat(new Tensor("t", DType.F32, new int[] {2}, single).toFloats()).containsExactly(1, -2.5f);
    }

    @Test
    void weightsCantBeWritten() {
        try (Checkpoint checkpoint = Checkpoint.open(ModelFolder.DEMO)) {
            MemorySegment data = checkpoint.tensor(QUERY, 256, 256).data();
            assertThatThrownBy(() -> data.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void askingForWhatIsNotThereNamesIt() {
        try (Checkpoint checkpoint = Checkpoint.open(ModelFolder.DEMO)) {
            assertThatThrownBy(() -> checkpoint.tensor("model.layers.9.mlp.up_proj.weight", 704, 256))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("model.layers.9.mlp.up_proj.weight");
            assertThatThrownBy(() -> checkpoint.tensor(QUERY, 256, 128))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("Tensor " + QUERY + " is [256, 256] where the model needs [256, 128].");
        }
    }
}
