package dev.saccade.ledger.uploads;

import dev.saccade.ledger.ObjectKeys;
import dev.saccade.ledger.videos.VideoLedger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The end of uploads in many requests: those whose time is over, and what they left in the store. Instances share the work. */
public final class UploadEnds {

    /** After an upload's time a client may still be writing what it began before. */
    private static final Duration LAST_WRITE = Duration.ofHours(1);

    private final JdbcClient sql;
    private final VideoLedger videos;

    UploadEnds(JdbcOperations jdbc, VideoLedger videos) {
        sql = JdbcClient.create(jdbc);
        this.videos = videos;
    }

    /** Rejects uploads whose time is over; returns how many were found. */
    public int expire(int most) {
        List<Ended> over = sql.sql("select video_id, tenant_id, objects from upload where remove_at is null"
                        + " and expires_at <= clock_timestamp() and (checked_until is null or checked_until <= clock_timestamp())"
                        + " order by expires_at limit :most")
                .param("most", most)
                .query(Ended::of)
                .list();
        over.forEach(upload -> videos.reject(
                upload.tenantId(),
                upload.videoId(),
                "upload-expired",
                "The upload was not completed in time. Begin a new one and send the file again."));
        return over.size();
    }

    /** Uploads whose remains are to be removed now; nobody else is told of them for some minutes. */
    public List<Ended> toRemove(int most) {
        return sql.sql("update upload set remove_at = clock_timestamp() + interval '5 minutes' where video_id in ("
                        + "select video_id from upload where remove_at <= clock_timestamp() order by remove_at limit :most"
                        + " for update skip locked) returning video_id, tenant_id, objects")
                .param("most", most)
                .query(Ended::of)
                .list();
    }

    /** Nothing is left of it; while the client could write more, it is looked at once more after that. */
    public void removed(Ended upload) {
        int over = sql.sql("delete from upload where tenant_id = :tenant and video_id = :id"
                        + " and expires_at + :seconds * interval '1 second' <= clock_timestamp()")
                .param("tenant", upload.tenantId())
                .param("id", upload.videoId())
                .param("seconds", LAST_WRITE.toSeconds())
                .update();
        if (over == 0) {
            sql.sql("update upload set remove_at = expires_at + :seconds * interval '1 second'"
                            + " where tenant_id = :tenant and video_id = :id")
                    .param("tenant", upload.tenantId())
                    .param("id", upload.videoId())
                    .param("seconds", LAST_WRITE.toSeconds())
                    .update();
        }
    }

    /**
     * An upload that has ended.
     *
     * @param objects that may have been written for it, and that no video has
     */
    public record Ended(UUID tenantId, UUID videoId, List<UUID> objects) {

        private static Ended of(ResultSet row, int number) throws SQLException {
            UUID[] objects =
                    (UUID[]) Objects.requireNonNull(row.getArray("objects")).getArray();
            return new Ended(
                    row.getObject("tenant_id", UUID.class),
                    row.getObject("video_id", UUID.class),
                    Arrays.asList(objects));
        }

        /** Holds all that the client has sent. */
        public String folder() {
            return ObjectKeys.uploadFolder(tenantId, videoId);
        }

        /** Single objects to remove. */
        public List<String> objectKeys() {
            return objects.stream().map(id -> ObjectKeys.video(tenantId, id)).toList();
        }
    }
}
