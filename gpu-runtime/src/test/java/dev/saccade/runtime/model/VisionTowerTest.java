package dev.saccade.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.golden.GoldenTensors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EngineTest
class VisionTowerTest {

    private static final int OUT = 256;
    private static final float BF16_TOLERANCE =
            0.125f; // two steps of bf16 between 8 and 16, where the largest tokens lie

    private final GoldenTensors goldens = GoldenTensors.read("vision");
    private final Device device = TestDevice.open(Precision.FLOAT32);
    private Checkpoint checkpoint;
    private VisionTower tower;

    @BeforeAll
    void load() {
        checkpoint = Checkpoint.open(DemoModel.model());
        tower = new VisionTower(checkpoint, device);
    }

    @AfterAll
    void close() {
        device.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d", "e", "f"})
    void visualTokensEqualTheReference(String clip) {
        long[] grid = goldens.get(clip + ".grid_thw").longs();

        float[] tokens = encode(clip, grid, (int) grid[0]);

        assertThat(tokens)
                .containsExactly(
                        goldens.floats(clip + ".vision"), within(TestDevice.isEmulated() ? BF16_TOLERANCE : 1e-4f));
    }

    @DisabledIfSystemProperty(
            named = "device",
            matches = "cuda-emulated",
            disabledReason = "how a GPU sums depends on how many rows a step has")
    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "d", "f"})
    void aClipEncodedGroupByGroupGivesTheSameBits(String clip) {
        long[] grid = goldens.get(clip + ".grid_thw").longs();

        assertThat(encode(clip, grid, 1)).isEqualTo(encode(clip, grid, (int) grid[0]));
    }

    private float[] encode(String clip, long[] grid, int groupsAtOnce) {
        float[] pixels = goldens.floats(clip + ".pixel_values");
        int groups = (int) grid[0];
        int tokensOfGroup = (int) (grid[1] * grid[2] / 4);
        DeviceBuffer out = device.allocate(groups * tokensOfGroup * OUT);
        for (int first = 0; first < groups; first += groupsAtOnce) {
            int count = Math.min(groupsAtOnce, groups - first);
            DeviceBuffer part = out.view(first * tokensOfGroup * OUT, count * tokensOfGroup * OUT);
            tower.encode(pixels, first, count, (int) grid[1], (int) grid[2], part);
        }
        float[] tokens = new float[out.floats()];
        device.read(out, tokens.length, tokens);
        return tokens;
    }
}
