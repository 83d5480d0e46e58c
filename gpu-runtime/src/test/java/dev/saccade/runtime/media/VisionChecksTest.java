package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.VisionOptions;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VisionChecksTest {

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1, 0, 1000.5})
    void frameRatesOutOfRangeAreRefused(double fps) {
        assertRefused(VisionOptions.DEFAULT.withFps(fps), "invalid-vision-parameter", "fps is");
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                Arguments.of(frames(1, null, null), "nframes is 1"),
                Arguments.of(frames(769, null, null), "nframes is 769"),
                Arguments.of(frames(null, -4, null), "min_frames is -4"),
                Arguments.of(frames(null, null, 0), "max_frames is 0"),
                Arguments.of(pixels(-1L, null, null), "min_pixels is -1"),
                Arguments.of(pixels(null, 1L << 40, null), "max_pixels is 1099511627776"),
                Arguments.of(pixels(null, null, 100L), "total_pixels is 100"),
                Arguments.of(sides(-28, 28), "resized_height is -28"),
                Arguments.of(range(Double.NaN, null), "video_start is NaN"),
                Arguments.of(range(null, -0.5), "video_end is -0.5"));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void valuesOutOfRangeAreRefusedByName(VisionOptions options, String message) {
        assertRefused(options, "invalid-vision-parameter", message);
    }

    static Stream<Arguments> conflicts() {
        return Stream.of(
                Arguments.of(frames(8, null, null).withFps(4), "exclude each other"),
                Arguments.of(frames(null, 16, 8), "min_frames is above max_frames"),
                Arguments.of(pixels(200_000L, 100_000L, null), "min_pixels is above max_pixels"),
                Arguments.of(sides(280, null), "go together"),
                Arguments.of(sides(null, 280), "go together"),
                Arguments.of(range(2.0, 2.0), "video_start is not before video_end"));
    }

    @ParameterizedTest
    @MethodSource("conflicts")
    void valuesThatContradictEachOtherAreRefused(VisionOptions options, String message) {
        assertRefused(options, "conflicting-vision-parameters", message);
    }

    @Test
    void valuesWithinTheirRangesAreAccepted() {
        assertThatCode(() -> {
                    MediaPipeline.check(VisionOptions.DEFAULT);
                    MediaPipeline.check(frames(768, 4, 768));
                    MediaPipeline.check(pixels(3136L, 12_544L, 6_422_528L));
                    MediaPipeline.check(range(0.0, 2.5));
                })
                .doesNotThrowAnyException();
    }

    private static void assertRefused(VisionOptions options, String code, String message) {
        assertThatThrownBy(() -> MediaPipeline.check(options))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static VisionOptions frames(@Nullable Integer nframes, @Nullable Integer min, @Nullable Integer max) {
        return new VisionOptions(null, nframes, min, max, null, null, null, null, null, null, null, false);
    }

    private static VisionOptions pixels(@Nullable Long min, @Nullable Long max, @Nullable Long total) {
        return new VisionOptions(null, null, null, null, min, max, total, null, null, null, null, false);
    }

    private static VisionOptions sides(@Nullable Integer height, @Nullable Integer width) {
        return new VisionOptions(null, null, null, null, null, null, null, height, width, null, null, false);
    }

    private static VisionOptions range(@Nullable Double start, @Nullable Double end) {
        return new VisionOptions(null, null, null, null, null, null, null, null, null, start, end, false);
    }
}
