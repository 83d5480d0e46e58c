package dev.saccade.runtime.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A moving test picture as a clip, for measuring.
 *
 * @param width in pixels
 * @param height in pixels
 * @param seconds of 30 frames each
 */
public record SyntheticClip(int width, int height, double seconds) {

    private static final int MOST_PIXELS = 8192;
    private static final int MOST_SECONDS = 600;

    public SyntheticClip {
        boolean fits = width >= 16 && width <= MOST_PIXELS && height >= 16 && height <= MOST_PIXELS;
        if (!fits || width % 2 != 0 || height % 2 != 0) {
            throw new IllegalArgumentException(
                    "a clip is " + width + " x " + height + "; give even numbers of pixels from 16 to " + MOST_PIXELS);
        }
        if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
            throw new IllegalArgumentException("a clip lasts " + seconds + " seconds; give 1 to " + MOST_SECONDS);
        }
    }

    /**
     * Reads {@code 320x240x4}: width, height, seconds.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static SyntheticClip parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("x");
        try {
            if (parts.length == 3) {
                return new SyntheticClip(
                        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected(text), e);
        }
        throw new IllegalArgumentException(expected(text));
    }

    private static String expected(String text) {
        return "\"" + text + "\" is not WIDTHxHEIGHTxSECONDS, e.g. 320x240x4";
    }

    /**
     * Makes the clip.
     *
     * @param variant clips of other variants have other colours
     */
    public void write(Path file, int variant) throws IOException {
        DecoderPrograms programs = DecoderPrograms.shared();
        String source = String.format(
                Locale.ROOT, "testsrc2=size=%dx%d:rate=30:duration=%s,hue=h=%d", width, height, seconds, 37 * variant);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        programs.ffmpeg().toString(),
                        "-v",
                        "error",
                        "-nostdin",
                        "-y",
                        "-f",
                        "lavfi",
                        "-i",
                        source,
                        "-c:v",
                        "mpeg4",
                        "-q:v",
                        "3",
                        file.toString()))
                .redirectErrorStream(true);
        builder.environment().putAll(programs.environment());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("ffmpeg made no clip: " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a clip was made", e);
        }
    }
}
