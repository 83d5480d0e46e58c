package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes clips with ffmpeg's own test sources. */
final class OddClips {

    private static final String SOURCE = "testsrc=size=64x48:rate=10:duration=2";

    /** A clip of 20 frames at 10 a second, 64 x 48. */
    static Path plain(Path file) {
        return make(file, "-f", "lavfi", "-i", SOURCE, "-c:v", "mpeg4");
    }

    /** Runs ffmpeg with {@code arguments} and the file to write. */
    static Path make(Path file, String... arguments) {
        DecoderPrograms programs = DecoderPrograms.shared();
        List<String> command = new ArrayList<>(List.of(programs.ffmpeg().toString(), "-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments));
        command.add(file.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(programs.environment());
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private OddClips() {}
}
