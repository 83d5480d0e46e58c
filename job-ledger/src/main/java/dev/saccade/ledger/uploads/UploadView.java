package dev.saccade.ledger.uploads;

import dev.saccade.ledger.ObjectKeys;
import dev.saccade.ledger.uploads.NewUpload.Protocol;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload as it stands.
 *
 * @param videoId the video that it becomes
 * @param partBytes of each part but the last
 * @param sha256 that the file is to have; null where the client hasn't said
 * @param receivedBytes tus: the offset
 * @param segments tus: in how many stretches they came
 */
public record UploadView(
        UUID videoId,
        UUID tenantId,
        Protocol protocol,
        long sizeBytes,
        long partBytes,
        @Nullable String sha256,
        long receivedBytes,
        int segments,
        Instant expiresAt) {

    static UploadView of(ResultSet row, int number) throws SQLException {
        return new UploadView(
                row.getObject("video_id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                Protocol.valueOf(row.getString("protocol")),
                row.getLong("size_bytes"),
                row.getLong("part_bytes"),
                row.getString("sha256"),
                row.getLong("received_bytes"),
                row.getInt("segments"),
                Objects.requireNonNull(row.getObject("expires_at", OffsetDateTime.class))
                        .toInstant());
    }

    /** How many parts the file has: the last one may be smaller than the others. */
    public int parts() {
        return Math.toIntExact(Math.ceilDiv(sizeBytes, partBytes));
    }

    /** Bytes of a part, which are numbered from 1. */
    public long bytesOf(int part) {
        return Math.min(partBytes, sizeBytes - (part - 1) * partBytes);
    }

    /** Where the client writes a part to. */
    public String partKey(int part) {
        return folder() + part;
    }

    /** Where a stretch of bytes lies that tus brought. */
    public String segmentKey(UUID object) {
        return folder() + object;
    }

    private String folder() {
        return ObjectKeys.uploadFolder(tenantId, videoId);
    }
}
