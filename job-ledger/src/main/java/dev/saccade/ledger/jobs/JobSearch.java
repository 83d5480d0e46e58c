package dev.saccade.ledger.jobs;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds a tenant's jobs. Every condition but the state is answered by an index: of text and marks in job_words, of times by
 * the id, which begins with the time at which it was made.
 */
final class JobSearch {

    /** Ids are made by the API's clock, times of creation by the database's. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(10);

    private static final String NOT_ASKED_YET = "not j.cancel_requested";
    private static final int LONGEST_MILLIS = 8_000;

    private final EntityManager entities;

    JobSearch(EntityManager entities) {
        this.entities = entities;
    }

    /** Newest first. */
    @SuppressWarnings("unchecked") // a native query of one entity
    List<JobEntity> find(UUID tenantId, JobFilter filter, @Nullable UUID after, int limit) {
        var query = query("select j.* from job j", tenantId, filter, after, JobEntity.class);
        return query.setMaxResults(limit).getResultList();
    }

    /** Ids of those that a cancel would change, newest first. */
    @SuppressWarnings("unchecked") // a native query of one column
    List<UUID> cancellable(UUID tenantId, JobFilter filter, int limit) {
        var unfinished = EnumSet.of(JobState.QUEUED, JobState.RUNNING);
        if (!filter.states().isEmpty()) {
            unfinished.retainAll(filter.states());
        }
        if (unfinished.isEmpty()) {
            return List.of();
        }
        return query("select j.id from job j", tenantId, filter.in(unfinished), null, UUID.class, NOT_ASKED_YET)
                .setMaxResults(limit)
                .getResultList();
    }

    private Query query(
            String select, UUID tenantId, JobFilter filter, @Nullable UUID after, Class<?> type, String... more) {
        Map<String, Object> values = new HashMap<>(Map.of("tenantId", tenantId));
        var conditions = conditions(tenantId, filter, after, values);
        conditions.addAll(List.of(more));
        // unlike other statements' plans, a good one of these depends on the words
        entities.createNativeQuery("set local plan_cache_mode = force_custom_plan")
                .executeUpdate();
        var sql = select + " where " + String.join(" and ", conditions) + " order by j.id desc";
        var query = entities.createNativeQuery(sql, type);
        values.forEach(query::setParameter);
        return query.setHint("jakarta.persistence.query.timeout", LONGEST_MILLIS);
    }

    private static List<String> conditions(
            UUID tenantId, JobFilter filter, @Nullable UUID after, Map<String, Object> values) {
        List<String> conditions = new ArrayList<>(List.of("j.tenant_id = :tenantId"));
        if (!filter.states().isEmpty()) {
            conditions.add("j.state in (:states)");
            values.put("states", filter.states().stream().map(Enum::name).toList());
        }
        if (after != null) {
            conditions.add("j.id < :after");
            values.put("after", after);
        }
        if (filter.from() != null) {
            conditions.add("j.created_at >= :from and j.id >= :firstId");
            values.put("from", filter.from());
            values.put("firstId", firstIdAt(filter.from().minus(CLOCKS_APART)));
        }
        if (filter.until() != null) {
            conditions.add("j.created_at < :until and j.id < :lastId");
            values.put("until", filter.until());
            values.put("lastId", firstIdAt(filter.until().plus(CLOCKS_APART)));
        }
        words(tenantId, filter, conditions, values);
        return conditions;
    }

    private static void words(UUID tenantId, JobFilter filter, List<String> conditions, Map<String, Object> values) {
        List<String> marks = new ArrayList<>();
        if (filter.tag() != null) {
            marks.add(JobWords.tag(filter.tag()));
        }
        if (filter.video() != null) {
            marks.add(JobWords.video(filter.video()));
        }
        if (!marks.isEmpty() || filter.prompt() != null) {
            conditions.add(found("asked", "and w.part = 'ASKED'", filter.prompt(), marks.size()));
            for (int i = 0; i < marks.size(); i++) {
                values.put("askedMark" + i, lexeme(marks.get(i)));
            }
            put(values, "asked", tenantId, filter.prompt());
        }
        if (filter.answer() != null) {
            conditions.add(found("answered", "and w.part = 'ANSWERED'", filter.answer(), 0));
            put(values, "answered", tenantId, filter.answer());
        }
        if (filter.text() != null) {
            conditions.add(found("either", "", filter.text(), 0));
            put(values, "either", tenantId, filter.text());
        }
    }

    private static void put(Map<String, Object> values, String name, UUID tenantId, @Nullable String text) {
        values.put(name + "Tenant", lexeme(JobWords.tenant(tenantId)));
        if (text != null) {
            values.put(name + "Text", text);
        }
    }

    private static String found(String name, String part, @Nullable String text, int marks) {
        var words = new StringBuilder("cast(:" + name + "Tenant as tsquery)");
        for (int i = 0; i < marks; i++) {
            words.append(" && cast(:").append(name).append("Mark").append(i).append(" as tsquery)");
        }
        if (text != null) {
            words.append(" && websearch_to_tsquery('english', :").append(name).append("Text)");
        }
        return "j.id in (select w.job_id from job_words w where w.tenant_id = :tenantId " + part + " and w.words @@ ("
                + words + "))";
    }

    /** One lexeme as a text search query has it: in quotes, with its own quotes and backslashes doubled. */
    private static String lexeme(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The smallest UUIDv7 of this time: RFC 9562, 48 bits of milliseconds in front. */
    static UUID firstIdAt(Instant time) {
        long millis = Math.clamp(time.toEpochMilli(), 0, (1L << 48) - 1);
        return new UUID(millis << 16, 0);
    }
}
