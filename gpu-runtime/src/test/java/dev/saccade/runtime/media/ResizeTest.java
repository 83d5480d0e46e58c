package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.golden.GoldenTensors;
import dev.saccade.runtime.golden.GoldenTensors.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResizeTest {

    private static final GoldenTensors GOLDENS = GoldenTensors.read("resize");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void imagesAreResizedAsPillowDoes(int example) {
        Golden in = GOLDENS.get("image" + example + ".in");
        Golden out = GOLDENS.get("image" + example + ".out");
        RgbFrame image = new RgbFrame(in.bytes(), in.shape()[0], in.shape()[1]);
        RgbFrame resized = ImageResize.apply(image, new Sizes.Size(out.shape()[0], out.shape()[1]));
        assertThat(resized.pixels()).isEqualTo(out.bytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void framesAreResizedAsTorchvisionDoes(int example) {
        Golden in = GOLDENS.get("video" + example + ".in");
        Golden out = GOLDENS.get("video" + example + ".out");
        float[] expected = out.floats();
        Sizes.Size target = new Sizes.Size(out.shape()[2], out.shape()[3]);
        VideoResize resize = new VideoResize(new Sizes.Size(in.shape()[2], in.shape()[3]), target);
        int different = 0;
        int plane = target.height() * target.width();
        for (int frame = 0; frame < in.shape()[0]; frame++) {
            byte[] pixels = resize.apply(interleaved(in, frame)).pixels();
            for (int i = 0; i < pixels.length; i++) {
                float difference = Math.abs(expected[(frame * 3 + i % 3) * plane + i / 3] - (pixels[i] & 0xff));
                assertThat(difference).isLessThanOrEqualTo(1);
                different += difference == 0 ? 0 : 1;
            }
        }
        assertThat(different / (double) expected.length).isLessThan(0.001);
    }

    @Test
    void framesOfTheRightSizeStayAsTheyAre() {
        Sizes.Size size = new Sizes.Size(28, 28);
        RgbFrame frame = new RgbFrame(new byte[28 * 28 * 3], 28, 28);
        assertThat(new VideoResize(size, size).apply(frame)).isSameAs(frame);
    }

    /** From (frame, channel, height, width) to one frame of (height, width, channel). */
    private static RgbFrame interleaved(Golden frames, int frame) {
        int height = frames.shape()[2];
        int width = frames.shape()[3];
        byte[] planes = frames.bytes();
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = planes[(frame * 3 + i % 3) * height * width + i / 3];
        }
        return new RgbFrame(pixels, height, width);
    }
}
