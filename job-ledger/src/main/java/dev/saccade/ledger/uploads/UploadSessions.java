package dev.saccade.ledger.uploads;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Uploads in many requests, from their begin to the moment at which somebody takes the whole file to check it. */
public final class UploadSessions {

    /** Uploads that a tenant may have going on at one time. */
    public static final int MOST_OPEN = 1_000;

    /** Stretches of bytes in which tus may bring a file. */
    public static final int MOST_SEGMENTS = 10_000;

    private final JdbcClient sql;
    private final VideoLedger videos;
    private final TransactionTemplate transaction;

    UploadSessions(JdbcOperations jdbc, VideoLedger videos, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        this.videos = videos;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Begins an upload, with a video that is UPLOADING.
     *
     * @throws TooManyUploadsException where the tenant has as many as it may
     */
    public UploadView open(UUID tenantId, String actor, NewUpload upload) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (openOf(tenantId) >= MOST_OPEN) {
                throw new TooManyUploadsException();
            }
            VideoView video = videos.begin(tenantId, actor, upload.filename());
            return sql.sql(
                            "insert into upload (video_id, tenant_id, protocol, size_bytes, part_bytes, sha256, expires_at)"
                                    + " values (:id, :tenant, :protocol, :size, :part, :sha256,"
                                    + " clock_timestamp() + :seconds * interval '1 second') returning *")
                    .param("id", video.id())
                    .param("tenant", tenantId)
                    .param("protocol", upload.protocol().name())
                    .param("size", upload.sizeBytes())
                    .param("part", upload.partBytes())
                    .param("sha256", upload.sha256())
                    .param("seconds", upload.life().toSeconds())
                    .query(UploadView::of)
                    .single();
        }));
    }

    private int openOf(UUID tenantId) {
        return sql.sql("select count(*) from (select from upload where tenant_id = :tenant and remove_at is null"
                        + " limit :most) o")
                .param("tenant", tenantId)
                .param("most", MOST_OPEN)
                .query(Integer.class)
                .single();
    }

    /** An upload that is going on, or has ended a while ago at most: its video's state says which. */
    public Optional<UploadView> find(UUID tenantId, UUID videoId, NewUpload.Protocol protocol) {
        return sql.sql("select * from upload where tenant_id = :tenant and video_id = :id and protocol = :protocol")
                .param("tenant", tenantId)
                .param("id", videoId)
                .param("protocol", protocol.name())
                .query(UploadView::of)
                .optional();
    }

    /**
     * More bytes have come, which lie in the store.
     *
     * @param from where they begin
     * @return false where the upload's bytes don't end there any more, or it has ended: these objects are not part of it
     */
    public boolean append(UploadView upload, long from, List<Segment> more) {
        long bytes = more.stream().mapToLong(Segment::bytes).sum();
        return Objects.requireNonNull(transaction.execute(status -> {
            int moved = sql.sql(
                            "update upload set received_bytes = received_bytes + :bytes, segments = segments + :count"
                                    + " where tenant_id = :tenant and video_id = :id and received_bytes = :from and remove_at is null"
                                    + " and segments + :count <= :most")
                    .param("bytes", bytes)
                    .param("count", more.size())
                    .param("tenant", upload.tenantId())
                    .param("id", upload.videoId())
                    .param("from", from)
                    .param("most", MOST_SEGMENTS)
                    .update();
            if (moved == 0) {
                return false;
            }
            long first = from;
            for (Segment segment : more) {
                sql.sql("insert into upload_segment (video_id, first_byte, bytes, object_id)"
                                + " values (:id, :first, :bytes, :object)")
                        .param("id", upload.videoId())
                        .param("first", first)
                        .param("bytes", segment.bytes())
                        .param("object", segment.objectId())
                        .update();
                first += segment.bytes();
            }
            return true;
        }));
    }

    /** What tus has brought, in the file's order. */
    public List<Segment> segments(UploadView upload) {
        return sql.sql("select bytes, object_id from upload_segment where video_id = :id order by first_byte")
                .param("id", upload.videoId())
                .query((row, number) -> new Segment(row.getLong("bytes"), row.getObject("object_id", UUID.class)))
                .list();
    }

    /**
     * Takes the whole file to check it, unless somebody does already. Who takes it writes the checked bytes under a key of
     * its own: somebody who was thought dead, and writes on, changes nothing.
     *
     * @param patience after which somebody else may take it
     * @return the UPLOADING video, with the key to write to
     */
    public Optional<VideoView> take(UploadView upload, Duration patience) {
        UUID object = UuidCreator.getTimeOrderedEpoch();
        int taken = sql.sql("update upload set checked_until = clock_timestamp() + :seconds * interval '1 second',"
                        + " objects = array_append(objects, :object) where tenant_id = :tenant and video_id = :id"
                        + " and remove_at is null and (checked_until is null or checked_until <= clock_timestamp())")
                .param("seconds", patience.toSeconds())
                .param("object", object)
                .param("tenant", upload.tenantId())
                .param("id", upload.videoId())
                .update();
        return taken == 0
                ? Optional.empty()
                : videos.find(upload.tenantId(), upload.videoId())
                        .filter(video -> video.state() == VideoState.UPLOADING)
                        .map(video -> video.withObject(object));
    }

    /** The check could not be done: somebody may take the file again. */
    public void release(VideoView taken) {
        sql.sql("update upload set checked_until = null where tenant_id = :tenant and video_id = :id"
                        + " and objects[cardinality(objects)] = :object")
                .param("tenant", taken.tenantId())
                .param("id", taken.id())
                .param("object", taken.objectId())
                .update();
    }
}
