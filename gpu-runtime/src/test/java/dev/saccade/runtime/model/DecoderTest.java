package dev.saccade.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.golden.GoldenTensors;
import dev.saccade.runtime.sampling.LogitRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Prompts of the reference values with the reference's own visual tokens, so that only the decoder is on trial. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EngineTest
@Tag(EngineTest.ON_BOTH_DEVICES)
class DecoderTest {

    private static final int BLOCKS = 64;
    private static final int WIDTH = 256;

    /** Of logits whose size is about 10. */
    private static final float BF16_TOLERANCE = 0.3f;

    private final GoldenTensors vision = GoldenTensors.read("vision");
    private final GoldenTensors logits = GoldenTensors.read("logits");
    private final Device device = TestDevice.open(Precision.FLOAT32);
    private Checkpoint checkpoint;
    private Decoder decoder;

    @BeforeAll
    void load() {
        checkpoint = Checkpoint.open(DemoModel.model());
        decoder = new Decoder(checkpoint, device, BLOCKS);
    }

    @AfterAll
    void close() {
        device.close();
        checkpoint.close();
    }

    static Stream<Arguments> prompts() {
        return StreamSupport.stream(GoldenTensors.json("prompts").spliterator(), false)
                .map(prompt -> Arguments.of(Named.of(prompt.get("name").stringValue(), prompt)));
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void logitsOfAWholePromptEqualTheReference(JsonNode prompt) {
        String name = prompt.get("name").stringValue();
        int[] ids = ints(prompt.get("ids"));

        float[] all = flatten(
                run(prompt, 0, ids.length, IntStream.range(0, ids.length).toArray()));

        float[] expected = logits.floats(name + ".all");
        float[] tail = Arrays.copyOfRange(all, all.length - expected.length, all.length);
        assertThat(largestDifference(tail, expected)).isLessThan(TestDevice.isEmulated() ? BF16_TOLERANCE : 1e-3f);
    }

    @DisabledIfSystemProperty(
            named = "device",
            matches = "cuda-emulated",
            disabledReason = "how a GPU sums depends on how many rows a step has")
    @ParameterizedTest
    @MethodSource("prompts")
    void aPromptReadInUnevenStretchesGivesTheSameBits(JsonNode prompt) {
        int length = prompt.get("ids").size();
        float[] whole = run(prompt, 0, length, new int[] {length - 1})[0];

        run(prompt, 0, 7, new int[0]);
        run(prompt, 7, 18, new int[0]);
        float[] last = run(prompt, 18, length, new int[] {length - 1 - 18})[0];

        assertThat(last).isEqualTo(whole);
    }

    /** Rows [from, to) of a prompt in a sequence whose blocks are scattered over the cache. */
    private float[][] run(JsonNode prompt, int from, int to, int[] outputRows) {
        int[] ids = ints(prompt.get("ids"));
        int[][] positions = new int[3][];
        for (int axis = 0; axis < 3; axis++) {
            positions[axis] = Arrays.copyOfRange(ints(prompt.get("positions").get(axis)), from, to);
        }
        int[] table = IntStream.range(0, BLOCKS).map(i -> i * 37 % BLOCKS).toArray();
        int[] slots = IntStream.range(from, to)
                .map(i -> table[i / 16] * KeyValueCache.BLOCK_TOKENS + i % 16)
                .toArray();
        int[] lengths = IntStream.rangeClosed(from + 1, to).toArray();
        LogitRows logits = decoder.forward(new DecoderStep(
                Arrays.copyOfRange(ids, from, to),
                positions,
                new PagedRows(slots, lengths, new int[] {0, to - from}, new int[][] {table}),
                RowKinds.ofPrompt(to - from),
                visuals(prompt, ids, from, to),
                outputRows));
        return IntStream.range(0, outputRows.length)
                .mapToObj(row -> logits.row(row).clone())
                .toArray(float[][]::new);
    }

    private List<DecoderStep.VisualRows> visuals(JsonNode prompt, int[] ids, int from, int to) {
        List<DecoderStep.VisualRows> visuals = new ArrayList<>();
        int at = 0;
        for (JsonNode media : prompt.get("media")) {
            float[] tokens = vision.floats(media.get("frames").stringValue() + ".vision");
            DeviceBuffer buffer = device.allocate(tokens.length);
            device.write(tokens, 0, tokens.length, buffer);
            while (ids[at] != 727 && ids[at] != 728) {
                at++;
            }
            int begin = Math.max(at, from);
            int end = Math.min(at + tokens.length / WIDTH, to);
            if (begin < end) {
                visuals.add(new DecoderStep.VisualRows(buffer, begin - at, begin - from, end - begin));
            }
            at += tokens.length / WIDTH;
        }
        return visuals;
    }

    private static float largestDifference(float[] actual, float[] expected) {
        float largest = 0;
        for (int i = 0; i < expected.length; i++) {
            float difference = Math.abs(actual[i] - expected[i]);
            largest = Float.isNaN(difference) ? Float.MAX_VALUE : Math.max(largest, difference);
        }
        return largest;
    }

    private static float[] flatten(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
        }
        return all;
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }
}
