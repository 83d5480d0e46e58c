package dev.saccade.quickstart.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BarViewTest {

    @Test
    void lineShowsTitlePartTimeAndNote() {
        String line = BarView.line("Look", 0.5, Duration.ofMillis(1230), "32/64", 79);

        assertThat(line).startsWith("Look      ████████████░░░░░░░░░░░░   1.2 s  32/64");
        assertThat(line).hasSize(79);
    }

    @Test
    void longNoteIsCutAtItsBeginningSoThatTheNewestWordsShow() {
        String line = BarView.line("Answer", 1, Duration.ZERO, "old ".repeat(40) + "newest", 79);

        assertThat(line).hasSize(79).contains("…").endsWith("newest");
    }

    @Test
    void lineBreaksOfTheModelNeverReachTheTerminal() {
        assertThat(BarView.line("Answer", 1, Duration.ZERO, "<think>\nred\n</think>", 79))
                .doesNotContain("\n")
                .contains("<think> red </think>");
    }
}
