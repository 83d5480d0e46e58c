package dev.saccade.ledger.jobs;

import dev.saccade.ledger.json.StorableText;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What jobs are found by, written once when a job is taken in and once when it is answered. */
final class JobWords {

    /** A text search vector holds a megabyte of words, each character up to four bytes. */
    private static final int MOST_CHARACTERS = 200_000;

    private static final String INSERT = """
            insert into job_words (job_id, part, tenant_id, words)
            values (:jobId, :part, :tenantId,
                to_tsvector('english', :text) || array_to_tsvector(string_to_array(:marks, chr(10))))
            """;

    private final EntityManager entities;

    JobWords(EntityManager entities) {
        this.entities = entities;
    }

    void asked(UUID jobId, UUID tenantId, JobRequest request, List<String> tags) {
        List<String> marks = new ArrayList<>();
        marks.add(tenant(tenantId));
        request.mediaIds().forEach(id -> marks.add(video(id)));
        tags.forEach(tag -> marks.add(tag(tag)));
        insert(jobId, "ASKED", tenantId, request.asked(), marks);
    }

    void answered(Lease lease, JobOutcome outcome) {
        var text = new StringBuilder();
        outcome.completions().forEach(one -> text.append(one.answer()).append('\n'));
        insert(lease.jobId(), "ANSWERED", lease.tenantId(), text.toString(), List.of(tenant(lease.tenantId())));
    }

    private void insert(UUID jobId, String part, UUID tenantId, String text, List<String> marks) {
        entities.createNativeQuery(INSERT)
                .setParameter("jobId", jobId)
                .setParameter("part", part)
                .setParameter("tenantId", tenantId)
                .setParameter("text", StorableText.clip(text, MOST_CHARACTERS))
                .setParameter("marks", String.join("\n", marks))
                .executeUpdate();
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
