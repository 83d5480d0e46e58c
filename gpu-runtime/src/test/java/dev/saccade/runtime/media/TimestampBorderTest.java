package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.golden.GoldenTensors;
import dev.saccade.runtime.golden.GoldenTensors.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampBorderTest {

    private static final GoldenTensors GOLDENS = GoldenTensors.read("timestamps");

    @ParameterizedTest
    @ValueSource(ints = {112, 168, 420, 644})
    void bordersAreTheReferencesPixels(int width) {
        Golden in = GOLDENS.get(width + ".in");
        Golden out = GOLDENS.get(width + ".out");
        for (int i = 0; i < in.shape()[0]; i++) {
            byte[] frame = part(in, i);
            byte[] framed = part(out, i);
            assertThat(Arrays.copyOf(framed, frame.length)).isEqualTo(frame);
            assertThat(TimestampBorder.of(width, i, i / 4.0).pixels())
                    .isEqualTo(Arrays.copyOfRange(framed, frame.length, framed.length));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 12.34", "2, 567.89", "3, 1000.25"})
    void everyDigitIsDrawnAsTheReferenceDoes(int example, double seconds) {
        assertThat(TimestampBorder.of(224, 0, seconds).pixels()).isEqualTo(part(GOLDENS.get("glyphs"), example));
    }

    @Test
    void tiesOfTheSecondDecimalGoToTheEvenDigit() {
        assertThat(TimestampBorder.of(224, 0, 0.125).pixels())
                .isEqualTo(TimestampBorder.of(224, 0, 0.12).pixels());
    }

    @Test
    void textsWiderThanTheFrameAreCutAtItsEdge() {
        byte[] wide = TimestampBorder.of(224, 0, 1.5).pixels();
        byte[] pixels = TimestampBorder.of(28, 0, 1.5).pixels();
        int textStart = 224 / 4 - 5 * 12 / 2;
        for (int y = 0; y < 28; y++) {
            assertThat(Arrays.copyOfRange(pixels, y * 84, y * 84 + 84))
                    .isEqualTo(Arrays.copyOfRange(wide, (y * 224 + textStart) * 3, (y * 224 + textStart + 28) * 3));
        }
    }

    private static byte[] part(Golden frames, int index) {
        int bytes = frames.elements() / frames.shape()[0];
        return Arrays.copyOfRange(frames.bytes(), index * bytes, (index + 1) * bytes);
    }
}
