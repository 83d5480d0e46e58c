package dev.saccade.api.batches;

import dev.saccade.api.jobs.JobSubmission;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.ledger.batches.BatchLine;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

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
            return noText(line, longest);
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
            return badId(line);
        }
        if (read.body() == null) {
            return wrong(line, id, "invalid-field", "/body", "Give what POST /v1/jobs takes.");
        }
        return new Readable(line.number(), id, read.body().orPriority(JobSubmission.Priority.BATCH));
    }

    /** Reads a line that says in another form what it asks for. */
    static LineReading of(Lines.Line line, int longest, BatchForm form) {
        String text = line.text();
        if (text == null) {
            return noText(line, longest);
        }
        try {
            if (!(ApiJson.MAPPER.readTree(text) instanceof ObjectNode read)) {
                return wrong(line, null, "malformed-json", "", "Give a JSON object.");
            }
            String id = read.path("custom_id").asString("");
            if (!isGood(id)) {
                return badId(line);
            }
            return taken(line, id, read, form);
        } catch (JacksonException unreadable) {
            String error = LineErrors.of(ProblemTranslator.unreadable(unreadable), "");
            return new Unreadable(new BatchLine.Wrong(line.number(), customId(text), error));
        }
    }

    private static LineReading taken(Lines.Line line, String id, ObjectNode read, BatchForm form) {
        try {
            return new Readable(line.number(), id, form.job(read).orPriority(JobSubmission.Priority.BATCH));
        } catch (ProblemException refused) {
            return new Unreadable(new BatchLine.Wrong(line.number(), id, LineErrors.of(refused, "/body")));
        }
    }

    private static LineReading noText(Lines.Line line, int longest) {
        return line.tooLong()
                ? wrong(line, null, "line-too-long", "", "The line has more than " + longest + " bytes. Shorten it.")
                : wrong(line, null, "malformed-json", "", "The line is not UTF-8.");
    }

    private static LineReading badId(Lines.Line line) {
        return wrong(
                line,
                null,
                "invalid-custom-id",
                "/custom_id",
                "Give 1 to " + LONGEST_ID + " characters, none of them a control character.");
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
