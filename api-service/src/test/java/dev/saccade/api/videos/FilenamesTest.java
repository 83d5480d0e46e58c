package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FilenamesTest {

    @Test
    void pathsAreDropped() {
        assertThat(Filenames.display("../../etc/passwd")).isEqualTo("passwd");
        assertThat(Filenames.display("C:\\clips\\turn.mp4")).isEqualTo("turn.mp4");
        assertThat(Filenames.display("..")).isEqualTo("upload");
        assertThat(Filenames.display("clips/")).isEqualTo("upload");
    }

    @Test
    void invisibleAndDirectionCharactersAreDropped() {
        assertThat(Filenames.display("a\u0000b\r\nc\u202Egpj.mp4\u2066\u200F")).isEqualTo("abcgpj.mp4");
    }

    @Test
    void lettersOfAllScriptsAreKept() {
        assertThat(Filenames.display("Kürzungen 東京 🚗.mp4")).isEqualTo("Kürzungen 東京 🚗.mp4");
    }

    @Test
    void longNamesAreCutBetweenCharacters() {
        assertThat(Filenames.display("x".repeat(254) + "🚗🚗")).isEqualTo("x".repeat(254));
    }

    @Test
    void missingNameGetsOne() {
        assertThat(Filenames.display(null)).isEqualTo("upload");
        assertThat(Filenames.display(" \t ")).isEqualTo("upload");
    }
}
