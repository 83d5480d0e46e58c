package dev.saccade.api.jobs;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobFilter;
import dev.saccade.ledger.jobs.JobState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which jobs are meant; all conditions that are given have to hold. */
@Schema(name = "JobSelection")
record JobSelection(
        @Schema(description = "Any of these states") @Nullable
        List<JobDocument.@Nullable State> state,

        @Schema(description = "Submitted at this time or later") @Nullable
        Instant from,

        @Schema(description = "Submitted before this time") @Nullable
        Instant until,

        @Schema(description = "Has this tag", minLength = 1, maxLength = LONGEST_TEXT) @Nullable
        String tag,

        @Schema(description = "Asks about this video or image", example = "vid_0199d2f0-0000-7000-8000-000000000000")
        @Nullable
        String video,

        @Schema(
                description = "Words of the question, as a web search has them: \"a phrase\", or, -without",
                minLength = 1,
                maxLength = LONGEST_TEXT)
        @Nullable
        String prompt,

        @Schema(description = "Words of the answer", minLength = 1, maxLength = LONGEST_TEXT) @Nullable
        String answer,

        @Schema(description = "Words of the question or the answer", minLength = 1, maxLength = LONGEST_TEXT) @Nullable
        String q) {

    private static final int LONGEST_TEXT = 500;

    /**
     * As the ledger takes it.
     *
     * @param where what stands before a field's name in a problem: {@code ?} for parameters, {@code /} for a body
     * @throws ProblemException 400 for a parameter, 422 for a field
     */
    JobFilter toFilter(String where) {
        List<Violation> wrong = new ArrayList<>();
        text(tag, where + "tag", wrong);
        text(prompt, where + "prompt", wrong);
        text(answer, where + "answer", wrong);
        text(q, where + "q", wrong);
        time(from, where + "from", wrong);
        time(until, where + "until", wrong);
        UUID videoId = video == null ? null : ExternalId.VIDEO.parse(video).orElse(null);
        if (video != null && videoId == null) {
            wrong.add(new Violation(where + "video", "Give video as an id, vid_..."));
        }
        if (!wrong.isEmpty()) {
            boolean parameter = where.equals("?");
            throw new ProblemException(
                    parameter ? 400 : 422,
                    parameter ? "invalid-parameter" : "invalid-field",
                    wrong.getFirst().detail(),
                    wrong);
        }
        return new JobFilter(states(), from, until, tag, videoId, prompt, answer, q);
    }

    boolean isEmpty() {
        return state == null
                && from == null
                && until == null
                && tag == null
                && video == null
                && prompt == null
                && answer == null
                && q == null;
    }

    private Set<JobState> states() {
        return state == null
                ? Set.of()
                : state.stream()
                        .filter(java.util.Objects::nonNull)
                        .map(one -> JobState.valueOf(one.name()))
                        .collect(Collectors.toSet());
    }

    private static void text(@Nullable String text, String pointer, List<Violation> wrong) {
        if (text != null && (text.isBlank() || text.length() > LONGEST_TEXT || !Texts.isStorable(text))) {
            wrong.add(new Violation(
                    pointer, "Give " + pointer.substring(1) + " as a text of 1 to " + LONGEST_TEXT + " characters."));
        }
    }

    private static void time(@Nullable Instant time, String pointer, List<Violation> wrong) {
        if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(JobIntake.FAR))) {
            wrong.add(new Violation(pointer, "Give a time between 1970 and 9999."));
        }
    }
}
