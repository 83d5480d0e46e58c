package dev.saccade.ledger.jobs;

import org.jspecify.annotations.Nullable;

/**
 * The prompt of which a job's texts were made. The texts themselves stand in the request, so that a rerun gives the same
 * whatever has become of the prompt.
 *
 * @param own the tenant's, not one of the catalogue
 * @param arguments a JSON object as text: its order counts, which a column of JSON would not keep
 * @param contract how answers are read, as the engine's library writes it
 * @param reasoning as the client asked for it; null where that was left to the prompt
 * @param keepLogprobs the client asked for log probabilities, not only the prompt
 */
public record PromptUse(
        String name,
        int version,
        boolean own,
        String arguments,
        String contract,
        @Nullable Boolean reasoning,
        boolean keepLogprobs) {}
