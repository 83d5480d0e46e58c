package dev.saccade.api.uploads;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How uploads in several requests are taken.
 *
 * @param life after which one that isn't complete is given up; 7 days at most, which S3 allows a presigned address
 * @param patience after which an instance that checks a file is thought dead, so that another one may check it
 * @param segmentBytes after so many bytes of a tus request what has come is safe in the store
 */
@ConfigurationProperties("saccade.uploads")
record UploadProperties(
        @DefaultValue("24h") Duration life,
        @DefaultValue("10m") Duration patience,
        @DefaultValue("16777216") long segmentBytes) {

    private static final Duration LONGEST = Duration.ofDays(7);

    UploadProperties {
        if (life.compareTo(LONGEST) > 0 || !life.isPositive() || segmentBytes < 1) {
            throw new IllegalArgumentException(
                    "saccade.uploads.life must be above 0 and at most 7d, segment-bytes above 0.");
        }
    }
}
