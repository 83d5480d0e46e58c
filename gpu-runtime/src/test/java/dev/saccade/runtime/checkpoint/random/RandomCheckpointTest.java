package dev.saccade.runtime.checkpoint.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.model.DemoModel;
import dev.saccade.runtime.text.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@EngineTest
class RandomCheckpointTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path dir;

    private Path make(RandomCheckpoint checkpoint) throws IOException {
        Path folder = dir.resolve("made");
        checkpoint.write(folder, DemoModel.model(), null, bytes -> {});
        return folder;
    }

    private static JsonNode json(Path file) throws IOException {
        return MAPPER.readTree(Files.readAllBytes(file));
    }

    private static JsonNode header(Path safetensors) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(safetensors)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        return MAPPER.readTree(header);
    }

    @Test
    void theDemoShapeHasTheDemoModelsTensors() throws IOException {
        JsonNode made = header(make(new RandomCheckpoint(Shape.DEMO, 5, 1)).resolve("model.safetensors"));
        JsonNode demo = header(DemoModel.model().resolve("model.safetensors"));

        assertThat(made.path("__metadata__").path("format").stringValue()).isEqualTo("pt");
        assertThat(made.propertyNames()).containsAll(demo.propertyNames());
        for (String name : demo.propertyNames()) {
            if (!name.equals("__metadata__")) {
                assertThat(made.path(name).path("shape"))
                        .as(name)
                        .isEqualTo(demo.path(name).path("shape"));
                assertThat(made.path(name).path("dtype"))
                        .as(name)
                        .isEqualTo(demo.path(name).path("dtype"));
            }
        }
    }

    @Test
    void theDemoShapeHasTheDemoModelsConfiguration() throws IOException {
        Path made = make(new RandomCheckpoint(Shape.DEMO, 5, 1));

        try (Checkpoint own = Checkpoint.open(made);
                Checkpoint demo = Checkpoint.open(DemoModel.model())) {
            assertThat(own.config()).isEqualTo(demo.config());
            assertThat(own.parameters()).isEqualTo(demo.parameters());
            assertThat(own.preprocessor().maxPixels())
                    .isEqualTo(demo.preprocessor().maxPixels());
        }
    }

    @ParameterizedTest
    @CsvSource({"3b, 3754622976", "7b, 8292166656"})
    void theRealShapesHaveThePublishedNumberOfWeights(String shape, long weights) {
        RandomCheckpoint whole =
                new RandomCheckpoint(Shape.named(shape), Shape.named(shape).layers(), 1);

        assertThat(whole.weightBytes()).isEqualTo(2 * weights);
    }

    @Test
    void aCutModelOfTheRealVocabularyWritesAnAnswerAboutAnImage() throws IOException {
        Path made = make(new RandomCheckpoint(Shape.HALF_BILLION, 1, 1));

        GenerationResult result;
        try (Engine engine = Engine.open(made, TestDevice.options(EngineOptions.DEFAULT))) {
            Path image = DemoModel.clips().resolve("image/clips/image_000.jpg");
            result = engine.submit(
                            new GenerationRequest(
                                    List.of(Message.user(new Part.Image(image), new Part.Text("What is this?"))),
                                    eightTokens(),
                                    VisionOptions.DEFAULT,
                                    false),
                            GenerationListener.NONE)
                    .result()
                    .join();
        }

        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(result.usage().completionTokens()).isEqualTo(8);
        assertThat(result.usage().visualTokens()).isPositive();
    }

    private static SamplingParameters eightTokens() {
        return SamplingParameters.builder()
                .temperature(1.0)
                .seed(1L)
                .maxTokens(8)
                .ignoreEos(true)
                .build();
    }

    @Test
    void theVocabularyIsAsLargeAsQwensAndEncodesAnyText() throws IOException {
        Path made = make(new RandomCheckpoint(Shape.HALF_BILLION, 1, 1));
        String text = "The gripper closes; then 27 blocks fall \u2014 n\u00e4chste \u6b65 \ud83e\udd16\n";

        try (Tokenizer tokenizer = Tokenizer.open(made)) {
            int[] ids = tokenizer.encode(text);
            StringBuilder bytes = new StringBuilder();
            for (int id : ids) {
                bytes.append(new String(tokenizer.bytes(id), StandardCharsets.ISO_8859_1));
            }

            assertThat(tokenizer.vocabularySize()).isEqualTo(151_665);
            assertThat(tokenizer.addedTokenId("<|video_pad|>")).hasValue(151_656);
            assertThat(tokenizer.addedTokenId("<|endoftext|>")).hasValue(151_643);
            assertThat(bytes.toString().getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void largeCheckpointsAreCutIntoShardsWithAnIndex() throws IOException {
        Path made = make(new RandomCheckpoint(Shape.DEMO, 5, 1, 4_000_000));

        JsonNode index = json(made.resolve("model.safetensors.index.json"));
        List<Path> shards = files(made, ".safetensors");

        assertThat(shards)
                .hasSize(3)
                .allSatisfy(shard -> assertThat(Files.size(shard)).isLessThan(4_100_000));
        assertThat(shards.getFirst()).hasFileName("model-00001-of-00003.safetensors");
        assertThat(index.path("metadata").path("total_size").longValue())
                .isEqualTo(new RandomCheckpoint(Shape.DEMO, 5, 1).weightBytes());
        try (Checkpoint own = Checkpoint.open(made)) {
            assertThat(2 * own.parameters()).isEqualTo(new RandomCheckpoint(Shape.DEMO, 5, 1).weightBytes());
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesHoweverTheyAreCut() throws IOException {
        Path once = make(new RandomCheckpoint(Shape.DEMO, 2, 7));
        Path again = dir.resolve("again");
        new RandomCheckpoint(Shape.DEMO, 2, 7, 1_000_000).write(again, DemoModel.model(), null, bytes -> {});
        Path other = dir.resolve("other");
        new RandomCheckpoint(Shape.DEMO, 2, 8).write(other, DemoModel.model(), null, bytes -> {});

        try (Checkpoint first = Checkpoint.open(once);
                Checkpoint second = Checkpoint.open(again);
                Checkpoint third = Checkpoint.open(other)) {
            float[] weights =
                    first.tensor("model.layers.1.mlp.up_proj.weight", 704, 256).toFloats();
            assertThat(second.tensor("model.layers.1.mlp.up_proj.weight", 704, 256)
                            .toFloats())
                    .isEqualTo(weights);
            assertThat(third.tensor("model.layers.1.mlp.up_proj.weight", 704, 256)
                            .toFloats())
                    .isNotEqualTo(weights);
        }
    }

    @Test
    void weightsKeepTheSizeOfWhatGoesThroughThem() throws IOException {
        Path made = make(new RandomCheckpoint(Shape.DEMO, 1, 1));

        try (Checkpoint checkpoint = Checkpoint.open(made)) {
            float[] matrix = checkpoint
                    .tensor("model.layers.0.mlp.down_proj.weight", 256, 704)
                    .toFloats();
            double squares = 0;
            for (float weight : matrix) {
                squares += (double) weight * weight;
            }
            assertThat(squares / 256).isBetween(0.97, 1.03);
            assertThat(checkpoint.tensor("model.norm.weight", 256).toFloats())
                    .usingComparatorWithPrecision(0.11f)
                    .containsOnly(1f);
        }
    }

    @Test
    void aFolderThatHoldsSomethingIsLeftAlone() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("made"));
        Files.writeString(folder.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> make(new RandomCheckpoint(Shape.DEMO, 1, 1)))
                .isInstanceOfSatisfying(
                        FileSystemException.class,
                        e -> assertThat(e.getReason()).contains("isn't empty"));
        assertThat(files(dir, "")).containsExactly(folder);
        assertThat(files(folder, "")).hasSize(1);
    }

    @Test
    void aTokenizerThatIsGivenIsTakenAsItIs() throws IOException {
        Path given = DemoModel.model().resolve("tokenizer.json");
        Path folder = dir.resolve("made");

        new RandomCheckpoint(Shape.DEMO, 1, 1).write(folder, DemoModel.model(), given, bytes -> {});

        assertThat(folder.resolve("tokenizer.json")).hasSameBinaryContentAs(given);
        assertThatThrownBy(() -> new RandomCheckpoint(Shape.HALF_BILLION, 1, 1)
                        .write(dir.resolve("other"), DemoModel.model(), given, bytes -> {}))
                .hasMessageContaining("<|video_pad|> is token 151656");
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        Files.createDirectory(dir.resolve("made"));

        Path made = make(new RandomCheckpoint(Shape.DEMO, 1, 1));

        assertThat(made.resolve("model.safetensors")).exists();
    }

    @Test
    void nothingStaysOfACheckpointThatFailed() {
        RandomCheckpoint checkpoint = new RandomCheckpoint(Shape.DEMO, 1, 1);

        assertThatThrownBy(() -> checkpoint.write(dir.resolve("made"), DemoModel.model(), null, bytes -> {
                    throw new IllegalStateException("the disk is full");
                }))
                .hasMessageContaining("the disk is full");
        assertThat(dir).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void aCutTowerEndsWithABlockOfFullAttention(Shape shape) {
        for (int layers = 1; layers <= shape.layers(); layers++) {
            int depth = shape.config(layers).vision().depth();
            assertThat(shape.config(layers).vision().fullAttentionBlocks()).contains(depth - 1);
        }
    }

    @Test
    void layersBeyondTheShapesAreRefused() {
        assertThatThrownBy(() -> new RandomCheckpoint(Shape.SEVEN_BILLION, 29, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 28");
        assertThatThrownBy(() -> Shape.named("72b")).hasMessageContaining("demo, 0.5b, 3b, 7b");
    }

    private static List<Path> files(Path folder, String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return new ArrayList<>(all.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList());
        }
    }
}
