package dev.saccade.ledger.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How far a running job is; written with the heartbeat.
 *
 * @param phase what is being done, e.g. {@code fetching}, {@code decoding}, {@code vision}, {@code generating}
 * @param done steps of the phase that are done, of {@code total}
 * @param completionTokens tokens written so far
 * @param text what the model has written so far
 * @param moreTexts the same for the second and further answers of a job that asked for several
 */
public record JobProgress(
        String phase, long done, long total, int completionTokens, String text, List<String> moreTexts) {

    public JobProgress {
        // rows of before hold none
        moreTexts = List.copyOf(Objects.requireNonNullElse(moreTexts, List.of()));
    }

    public JobProgress(String phase, long done, long total, int completionTokens, String text) {
        this(phase, done, total, completionTokens, text, List.of());
    }

    /** Of every answer, what has been written so far. */
    public List<String> texts() {
        var all = new ArrayList<String>(moreTexts.size() + 1);
        all.add(text);
        all.addAll(moreTexts);
        return all;
    }
}
