package dev.saccade.api.uploads;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.Filenames;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.ledger.uploads.NewUpload;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/uploads}. */
@Schema(name = "NewUpload")
record NewUploadDocument(
        @Schema(description = "For display", example = "clip.mp4") @Nullable
        String filename,

        @Schema(description = "Bytes of the whole file: no other number can be sent", minimum = "1")
        @JsonProperty(required = true)
        @Nullable
        Long sizeBytes,

        @Schema(
                description = "Bytes of each part but the last; with size_bytes the file is one part. Left out: 32 MiB,"
                        + " more where that would be more than 1,000 parts",
                minimum = "65536")
        @Nullable
        Long partSizeBytes,

        @Schema(description = "SHA-256 that the file is to have, in hex", pattern = "^[0-9a-fA-F]{64}$") @Nullable
        String sha256) {

    static final int MOST_PARTS = 1_000;
    private static final long USUAL_PART = 32L << 20;
    private static final long SMALLEST_PART = 64L << 10;
    /** What S3 takes in one PUT. */
    private static final long LARGEST_PART = 5L << 30;

    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    NewUpload checked(long maxBytes, Duration life) {
        if (sizeBytes == null || sizeBytes < 0) {
            throw ProblemException.invalid("invalid-field", "/size_bytes", "Give the file's size in bytes.");
        }
        if (sizeBytes == 0) {
            throw UploadProblems.empty();
        }
        if (sizeBytes > maxBytes) {
            throw UploadProblems.tooLarge(maxBytes);
        }
        return new NewUpload(
                NewUpload.Protocol.PRESIGNED,
                Filenames.display(filename),
                sizeBytes,
                partBytes(sizeBytes),
                checkedSha256(sha256),
                life);
    }

    private long partBytes(long size) {
        if (partSizeBytes == null) {
            return Math.min(size, Math.max(USUAL_PART, Math.ceilDiv(size, MOST_PARTS)));
        }
        if (partSizeBytes > LARGEST_PART || (partSizeBytes < SMALLEST_PART && partSizeBytes < size)) {
            throw ProblemException.invalid(
                    "invalid-field",
                    "/part_size_bytes",
                    "Give " + SMALLEST_PART + " to " + LARGEST_PART + " bytes, or leave it out.");
        }
        if (Math.ceilDiv(size, partSizeBytes) > MOST_PARTS) {
            throw ProblemException.invalid(
                    "too-many-parts",
                    "/part_size_bytes",
                    "The file would have more than " + MOST_PARTS + " parts. Give at least "
                            + Math.ceilDiv(size, MOST_PARTS) + " bytes.");
        }
        return Math.min(size, partSizeBytes);
    }

    /** Lower-case hex; null where none was given. */
    static @Nullable String checkedSha256(@Nullable String given) {
        if (given != null && !SHA256.matcher(given).matches()) {
            throw ProblemException.invalid("invalid-field", "/sha256", "Give the SHA-256 as 64 hex digits.");
        }
        return given == null ? null : given.toLowerCase(java.util.Locale.ROOT);
    }
}
