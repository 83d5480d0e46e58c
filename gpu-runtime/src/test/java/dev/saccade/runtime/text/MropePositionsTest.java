package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.text.MropePositions.Grid;
import java.util.List;
import org.junit.jupiter.api.Test;

class MropePositionsTest {

    /** Temporal positions of a video of one visual token for each group, after one token of text. */
    private static int[] times(int groups, double sampledFps) {
        MropePositions positions = MropePositions.of(
                groups + 1,
                List.of(new MediaSpan(1, groups, 0)),
                List.of(new Grid(groups, 2, 2, 2 / sampledFps)),
                2,
                2);
        int[] times = new int[groups];
        for (int i = 0; i < groups; i++) {
            times[i] = positions.positions()[0][i + 1] - 1;
        }
        return times;
    }

    @Test
    void timeIsTruncatedAfterTheProductNotBefore() {
        assertThat(times(5, 4)).as("half a second for each group").containsExactly(0, 1, 2, 3, 4);
        assertThat(times(5, 2)).containsExactly(0, 2, 4, 6, 8);
        assertThat(times(5, 8)).as("neighbours share a position").containsExactly(0, 0, 1, 1, 2);
    }

    @Test
    void theProductIsTakenInFloat32() {
        // in double precision 3 * (2 / 6) * 2 is a little less than 2 at other rates; float32 decides which
        for (int fps = 1; fps <= 60; fps++) {
            float seconds = (float) (2.0 / fps);
            int[] times = times(64, fps);
            for (int i = 0; i < times.length; i++) {
                assertThat(times[i]).as("group %d at %d fps", i, fps).isEqualTo((int) ((float) i * seconds * 2f));
            }
        }
    }

    @Test
    void textResumesAfterTheHighestAxis() {
        MropePositions tall =
                MropePositions.of(8, List.of(new MediaSpan(1, 6, 0)), List.of(new Grid(1, 12, 2, 0)), 2, 2);
        MropePositions lasting =
                MropePositions.of(4, List.of(new MediaSpan(1, 2, 0)), List.of(new Grid(2, 2, 2, 10)), 2, 2);

        assertThat(tall.positions()[1]).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(tall.positions()[0]).containsExactly(0, 1, 1, 1, 1, 1, 1, 7);
        assertThat(tall.next()).isEqualTo(8);
        assertThat(lasting.positions()[0]).containsExactly(0, 1, 21, 22);
        assertThat(lasting.next()).isEqualTo(23);
    }

    @Test
    void aPromptMayEndWithMedia() {
        MropePositions positions =
                MropePositions.of(3, List.of(new MediaSpan(1, 2, 0)), List.of(new Grid(1, 2, 4, 0)), 2, 2);

        assertThat(positions.next()).isEqualTo(3);
    }

    @Test
    void aGridThatDoesNotFitItsSpanIsAMistake() {
        assertThatThrownBy(() ->
                        MropePositions.of(9, List.of(new MediaSpan(1, 5, 0)), List.of(new Grid(1, 4, 4, 0)), 2, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
