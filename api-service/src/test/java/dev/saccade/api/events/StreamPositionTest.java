package dev.saccade.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamPositionTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "4-0", "4-120.33", "5-end"})
    void idComesBackAsItWasSent(String id) {
        assertThat(StreamPosition.parse(id)).map(StreamPosition::id).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "4-",
                "4-1.",
                "4-.1",
                "4-End",
                "99999999999",
                "4-1.99999999999",
                "1; drop table job",
                "4\n5",
                "٤"
            })
    void anythingElseIsNoPosition(String id) {
        assertThat(StreamPosition.parse(id)).isEmpty();
    }

    @Test
    void moreOffsetsThanAJobHasAnswersAreNoPosition() {
        assertThat(StreamPosition.parse("4-" + "1.".repeat(1_000) + "1")).isEmpty();
        assertThat(StreamPosition.parse("4-" + "1.".repeat(1_000_000) + "1")).isEmpty();
    }
}
