package dev.saccade.ledger.videos;

import dev.saccade.ledger.ObjectKeys;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The end of media. A deleted video keeps its row and its audit; its object is removed by whoever asks {@link #toRemove} next.
 * Any number of instances may work at once.
 */
public final class VideoDeletions {

    private static final String END =
            "update video set state = 'DELETED', deletion_code = :code, finished_at = coalesce(finished_at, clock_timestamp())";

    private final JdbcClient sql;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    VideoDeletions(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Deletes a video in any state; an upload that is going on is refused at its end.
     *
     * @return false where the tenant has no such video, or it is DELETED already
     */
    public boolean delete(UUID tenantId, UUID videoId, String actor) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int deleted = sql.sql(END + " where tenant_id = :tenant and id = :id and state <> 'DELETED'")
                    .param("code", Deletion.REQUESTED)
                    .param("tenant", tenantId)
                    .param("id", videoId)
                    .update();
            if (deleted == 1) {
                record(new Video(tenantId, videoId, videoId), actor, Deletion.REQUESTED);
            }
            return deleted == 1;
        }));
    }

    /** Deletes media whose time is over, each in a transaction of its own; returns how many. */
    public int expire(int most) {
        int expired = 0;
        while (expired < most && expireOne()) {
            expired++;
        }
        return expired;
    }

    private boolean expireOne() {
        return Objects.requireNonNull(transaction.execute(status -> {
            var over = sql.sql(END + " where id = (select id from video where state = 'READY'"
                            + " and expires_at <= clock_timestamp() order by expires_at limit 1 for update skip locked)"
                            + " returning tenant_id, id, coalesce(object_id, id) as object_id")
                    .param("code", Deletion.EXPIRED)
                    .query(Video::of)
                    .optional();
            over.ifPresent(video -> record(video, "ledger", Deletion.EXPIRED));
            return over.isPresent();
        }));
    }

    /**
     * Videos that have ended and whose objects are to be removed now, since none that is READY shares them. For some minutes
     * nobody else is told of them: then they are somebody else's, unless {@link #removed} was called.
     */
    public List<Video> toRemove(int most) {
        List<Video> ended = sql.sql(
                        "update video set remove_at = clock_timestamp() + interval '5 minutes' where id in ("
                                + "select id from video where remove_at <= clock_timestamp() order by remove_at limit :most"
                                + " for update skip locked) returning tenant_id, id, coalesce(object_id, id) as object_id")
                .param("most", most)
                .query(Video::of)
                .list();
        return ended.stream().filter(this::unshared).toList();
    }

    /**
     * Only READY videos get companions, and keep them READY until they have them, so that an object which no READY video has
     * stays without. Whoever ends last removes it.
     */
    private boolean unshared(Video video) {
        boolean shared = sql.sql("select exists (select from video where tenant_id = :tenant and id = :object"
                        + " and state = 'READY') or exists (select from video where tenant_id = :tenant"
                        + " and object_id = :object and state = 'READY')")
                .param("tenant", video.tenantId())
                .param("object", video.objectId())
                .query(Boolean.class)
                .single();
        if (shared) {
            removed(video);
        }
        return !shared;
    }

    /** Its object is gone. */
    public void removed(Video video) {
        sql.sql("update video set remove_at = null where tenant_id = :tenant and id = :id")
                .param("tenant", video.tenantId())
                .param("id", video.id())
                .update();
    }

    private void record(Video video, String actor, String code) {
        audit.append(
                new AuditEntry(video.tenantId(), actor, "video.deleted", "video", video.id(), Map.of("code", code)));
    }

    /**
     * Whose video, and which.
     *
     * @param objectId the video under whose key its bytes are
     */
    public record Video(UUID tenantId, UUID id, UUID objectId) {

        private static Video of(ResultSet row, int number) throws SQLException {
            return new Video(
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("id", UUID.class),
                    row.getObject("object_id", UUID.class));
        }

        /** Where its bytes are, or were, in the store's bucket. */
        public String objectKey() {
            return ObjectKeys.video(tenantId, objectId);
        }
    }
}
