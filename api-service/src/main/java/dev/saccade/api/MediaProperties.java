package dev.saccade.api;

import dev.saccade.runtime.MediaLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Limits on media; null leaves the engine's own. The worker reads the same properties, so that what is accepted here can be
 * run there.
 *
 * @param maxDuration longest clip
 * @param maxPixels most pixels of one frame or image
 * @param maxDecodedFrames most frames that are decoded from one clip
 * @param probeTimeout time for reading a clip's facts
 * @param childMemoryBytes address space of a decoder process
 */
@ConfigurationProperties("saccade.media")
public record MediaProperties(
        @Nullable Duration maxDuration,
        @Nullable Long maxPixels,
        @Nullable Integer maxDecodedFrames,
        @Nullable Duration probeTimeout,
        @Nullable Long childMemoryBytes) {

    MediaLimits limits(long maxBytes) {
        MediaLimits defaults = MediaLimits.DEFAULT;
        return new MediaLimits(
                maxBytes,
                maxDuration == null ? defaults.maxDuration() : maxDuration,
                maxPixels == null ? defaults.maxPixels() : maxPixels,
                maxDecodedFrames == null ? defaults.maxDecodedFrames() : maxDecodedFrames,
                probeTimeout == null ? defaults.probeTimeout() : probeTimeout,
                defaults.decodeTimeout(),
                childMemoryBytes == null ? defaults.childMemoryBytes() : childMemoryBytes);
    }
}
