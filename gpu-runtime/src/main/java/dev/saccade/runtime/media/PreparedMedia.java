package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import java.util.List;

/**
 * One image or video as the vision tower reads it.
 *
 * @param summary what it is
 * @param patches normalised pixels, (gridT * gridH * gridW, 1176); rows ordered (t, h / 2, w / 2, 2, 2), so that the
 *     four patches of a visual token follow one another; columns ordered (channel, 2 frames, 14 rows, 14 columns)
 */
@SuppressWarnings("ArrayRecordComponent") // up to a gigabyte: handed over, never copied or compared
public record PreparedMedia(MediaSummary summary, float[] patches) {

    public MediaKey key() {
        return summary.key();
    }

    public String kind() {
        return summary.kind();
    }

    public int gridT() {
        return summary.gridT();
    }

    public int gridH() {
        return summary.gridH();
    }

    public int gridW() {
        return summary.gridW();
    }

    public double secondsPerGrid() {
        return summary.secondsPerGrid();
    }

    public MediaUsed used() {
        return summary.used();
    }

    public List<String> warnings() {
        return summary.warnings();
    }

    /** Tokens that this takes in the prompt. */
    public int visualTokens() {
        return summary.visualTokens();
    }
}
