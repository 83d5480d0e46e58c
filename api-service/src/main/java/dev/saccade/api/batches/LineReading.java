package dev.saccade.api.batches;

import dev.saccade.api.jobs.JobSubmission;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.ledger.batches.BatchLine;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads one line of a batch. */
sealed interface LineReading {

    long line();

    /** A line that can be read; whether it can be a job is still to be seen. */
    record Readable(long line, String customId, JobSubmission job) implements LineReading {}

    /** A line that can't. */
    record Unreadable(BatchLine.Wrong wrong) implements LineReading {

        @Override
        public long line() {
            return wrong.line();
        }
    }

    int LONGEST_ID = 200;

    static LineReading of(Lines.Line line, int longest) {
        String text = line.text();
        if (text == null) {
            return line.tooLong()
                    ? wrong(
                            line,
                            null,
                            "line-too-long",
                            "",
                            "The line has more than " + longest + " bytes. Shorten it.")
                    : wrong(line, null, "malformed-json", "", "The line is not UTF-8.");
        }
        BatchRequestLine read;
        try {
            read = ApiJson.MAPPER.readValue(text, BatchRequestLine.class);
        } catch (JacksonException unreadable) {
            String error = LineErrors.of(ProblemTranslator.unreadable(unreadable), "");
            return new Unreadable(new BatchLine.Wrong(line.number(), customId(text), error));
        }
        if (read == null) {
            return wrong(line, null, "malformed-json", "", "Give a JSON object.");
        }
        String id = read.customId();
        if (id == null || !isGood(id)) {
            return wrong(
                    line,
                    null,
                    "invalid-custom-id",
                    "/custom_id",
                    "Give 1 to " + LONGEST_ID + " characters, none of them a control character.");
        }
        if (read.body() == null) {
            return wrong(line, id, "invalid-field", "/body", "Give what POST /v1/jobs takes.");
        }
        return new Readable(line.number(), id, read.body().orPriority(JobSubmission.Priority.BATCH));
    }

    /** Of a line that is wrong elsewhere, as far as it can be told. */
    private static @Nullable String customId(String text) {
        try {
            String id = ApiJson.MAPPER.readTree(text).path("custom_id").asString("");
            return isGood(id) ? id : null;
        } catch (JacksonException broken) {
            return null;
        }
    }

    private static boolean isGood(String id) {
        return !id.isBlank()
                && id.length() <= LONGEST_ID
                && id.codePoints()
                        .noneMatch(point -> Character.isISOControl(point)
                                || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    }

    private static LineReading wrong(
            Lines.Line line, @Nullable String customId, String code, String pointer, String message) {
        return new Unreadable(new BatchLine.Wrong(line.number(), customId, LineErrors.of(code, pointer, message)));
    }
}
