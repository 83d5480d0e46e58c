package dev.saccade.worker;

import dev.saccade.runtime.MediaLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** Properties below {@code saccade.media}: limits on media, with the engine's names; absent ones are the engine's own. */
@ConfigurationProperties("saccade.media")
public record WorkerMediaProperties(
        @Nullable DataSize maxBytes,
        @Nullable Duration maxDuration,
        @Nullable Long maxPixels,
        @Nullable Integer maxDecodedFrames,
        @Nullable Duration probeTimeout,
        @Nullable Duration decodeTimeout,
        @Nullable DataSize childMemoryBytes) {

    MediaLimits limits() {
        var engine = MediaLimits.DEFAULT;
        return new MediaLimits(
                maxBytes == null ? engine.maxBytes() : maxBytes.toBytes(),
                maxDuration == null ? engine.maxDuration() : maxDuration,
                maxPixels == null ? engine.maxPixels() : maxPixels,
                maxDecodedFrames == null ? engine.maxDecodedFrames() : maxDecodedFrames,
                probeTimeout == null ? engine.probeTimeout() : probeTimeout,
                decodeTimeout == null ? engine.decodeTimeout() : decodeTimeout,
                childMemoryBytes == null ? engine.childMemoryBytes() : childMemoryBytes.toBytes());
    }
}
