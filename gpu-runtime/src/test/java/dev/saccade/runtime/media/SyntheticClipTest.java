package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.MediaLimits;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticClipTest {

    @TempDir
    private Path dir;

    @Test
    void aClipHasTheSizeAndLengthThatWereAskedFor() throws IOException {
        Path file = dir.resolve("clip.mp4");

        SyntheticClip.parse("320x240x2").write(file, 1);

        ClipFacts facts = new MediaProbe(MediaLimits.DEFAULT).probe(file);
        assertThat(facts.width()).isEqualTo(320);
        assertThat(facts.height()).isEqualTo(240);
        assertThat(facts.durationSeconds()).isBetween(1.9, 2.1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "320x240", "axbxc", "320x240x4x5", "321x240x4", "320x240x0", "320x240xNaN", "99999x2x2"})
    void whatIsNoClipSaysWhatToGive(String text) {
        assertThatThrownBy(() -> SyntheticClip.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .matches(".*(give|e\\.g\\.).*");
    }
}
