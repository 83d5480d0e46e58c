package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.golden.GoldenTensors;
import dev.saccade.runtime.golden.GoldenTensors.Golden;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatchesTest {

    private static final GoldenTensors GOLDENS = GoldenTensors.read("vision");

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d", "e", "f"})
    void pixelsAreNormalisedAndOrderedAsTheReference(String example) {
        Golden frames = GOLDENS.get(example + ".frames");
        float[] expected = GOLDENS.floats(example + ".pixel_values");
        Sizes.Size size = new Sizes.Size(frames.shape()[1], frames.shape()[2]);
        Patches patches = new Patches(frames.shape()[0], size, PreprocessorBounds.COSMOS_REASON1);
        byte[] pixels = frames.bytes();
        int frameBytes = size.height() * size.width() * 3;
        for (int i = 0; i < frames.shape()[0]; i++) {
            byte[] frame = Arrays.copyOfRange(pixels, i * frameBytes, (i + 1) * frameBytes);
            patches.put(i, new RgbFrame(frame, size.height(), size.width()));
        }
        assertThat(new long[] {patches.gridT(), patches.gridH(), patches.gridW()})
                .isEqualTo(GOLDENS.get(example + ".grid_thw").longs());
        assertThat(patches.values()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(patches.values()[i]).as("value %d", i).isCloseTo(expected[i], within(1e-6f));
        }
    }
}
