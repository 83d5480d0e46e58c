package dev.saccade.ledger.jobs;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are meant. Null, or no state at all, leaves a condition out; texts are searched as PostgreSQL's
 * {@code websearch_to_tsquery} reads them: words, {@code "a phrase"}, {@code or}, {@code -without}.
 *
 * @param from submitted at this time or later
 * @param until submitted before
 * @param video asks about this video or image
 * @param prompt found in what was asked
 * @param answer found in the answer, or in one of several
 * @param text found in either
 */
public record JobFilter(
        Set<JobState> states,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String tag,
        @Nullable UUID video,
        @Nullable String prompt,
        @Nullable String answer,
        @Nullable String text) {

    public static final JobFilter ALL = new JobFilter(Set.of(), null, null, null, null, null, null, null);

    public JobFilter {
        states = Set.copyOf(states);
    }

    public JobFilter(JobState state) {
        this(Set.of(state), null, null, null, null, null, null, null);
    }

    /** The same with other states. */
    public JobFilter in(Set<JobState> others) {
        return new JobFilter(others, from, until, tag, video, prompt, answer, text);
    }
}
