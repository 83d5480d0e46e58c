package dev.saccade.ledger.jobs;

import dev.saccade.ledger.json.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What jobs are found by, written once when a job is taken in and once when it is answered.
 *
 * @param text whose words are found
 * @param marks lexemes that no text has, one a line
 */
record JobWords(String text, String marks) {

    /** The vector of two parameters, text and marks. */
    static final String VECTOR = "to_tsvector('english', %s) || array_to_tsvector(string_to_array(%s, chr(10)))";

    /** A text search vector holds a megabyte of words, each character up to four bytes. */
    private static final int MOST_CHARACTERS = 200_000;

    static JobWords asked(UUID tenantId, JobRequest request, List<String> tags) {
        List<String> marks = new ArrayList<>();
        marks.add(tenant(tenantId));
        request.mediaIds().forEach(id -> marks.add(video(id)));
        tags.forEach(tag -> marks.add(tag(tag)));
        return of(request.asked(), marks);
    }

    static JobWords answered(UUID tenantId, JobOutcome outcome) {
        var text = new StringBuilder();
        outcome.completions().forEach(one -> text.append(one.answer()).append('\n'));
        return of(text.toString(), List.of(tenant(tenantId)));
    }

    private static JobWords of(String text, List<String> marks) {
        return new JobWords(StorableText.clip(text, MOST_CHARACTERS), String.join("\n", marks));
    }

    /** Every search names its tenant inside the index too, so that it never walks over others' jobs. */
    static String tenant(UUID id) {
        return "=t:" + id;
    }

    static String video(UUID id) {
        return "=v:" + id;
    }

    /** Tags have no control characters, so a line each. */
    static String tag(String tag) {
        return "=g:" + tag;
    }
}
