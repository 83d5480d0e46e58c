package dev.saccade.api.audit;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.audit.AuditEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An event of the audit log, as auditors see it. */
@Schema(name = "AuditEvent")
record AuditDocument(
        String id,
        Instant at,

        @Schema(description = "key:NAME, user:SUBJECT, platform:..., worker:ID or ledger")
        String actor,

        @Schema(example = "job.succeeded") String action,
        @Schema(example = "job") String subjectType,
        String subject,

        @Schema(type = "object", description = "Names, numbers and codes; never a question, an answer or a key")
        JsonNode detail) {

    static AuditDocument of(AuditEvent event) {
        return new AuditDocument(
                ExternalId.AUDIT_EVENT.format(event.id()),
                event.at(),
                event.actor(),
                event.action(),
                event.subjectType(),
                subject(event.subjectType(), event.subjectId()),
                ApiJson.MAPPER.readTree(event.detail()));
    }

    private static String subject(String type, UUID id) {
        for (ExternalId kind : ExternalId.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(type)) {
                return kind.format(id);
            }
        }
        return id.toString();
    }

    /** A page of events, newest first. */
    @Schema(name = "AuditPage")
    record Page(
            List<AuditDocument> data,
            boolean hasMore,

            @Schema(description = "Give it as after to get the next page") @Nullable
            String nextCursor) {}

    /** What verifying the chain found. */
    @Schema(name = "AuditVerification")
    record Verification(
            @Schema(description = "Whether every sealed event is there, as it was written and in its order")
            boolean intact,

            @Schema(description = "Segments of the chain; where it is not intact, the first wrong one")
            long segments,

            @Schema(description = "Sealed events") @Nullable Long events,

            @Schema(description = "Sealed events that the retention rule has dropped since") @Nullable
            Long expired,

            @Schema(description = "Events that wait to be sealed, which takes seconds") @Nullable
            Long pending,

            @Schema(
                    description =
                            "Hash of the last segment. Note it elsewhere: it proves later that nothing before was rewritten")
            @Nullable
            String head,

            @Schema(description = "The event that is wrong") @Nullable
            String event,

            @Schema(description = "What is wrong") @Nullable String reason) {}
}
