package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.media.MediaSummary;
import org.jspecify.annotations.Nullable;

/**
 * One image or video as all requests share it: its pixels until they are encoded, then its visual tokens. The state belongs
 * to the {@link VisionCache} that it came from, whose lock guards it; only the engine's thread encodes.
 */
final class Clip {

    final MediaSummary summary;

    /** Of its visual tokens. */
    final long bytes;

    /** Open requests that show it. */
    int holders;

    /** Those of them that were let in and count on its place. */
    int users;

    /** Whether its visual tokens have a place in the cache's budget. */
    boolean placed;

    /** Normalised pixels, from their decoding until all are encoded. */
    float @Nullable [] patches;

    /** (tokens, width), from the first encoded group on. */
    @Nullable
    DeviceBuffer tokens;

    /** Temporal groups that are encoded. */
    int groups;

    Clip(MediaSummary summary, int width) {
        this.summary = summary;
        this.bytes = (long) summary.visualTokens() * width * Float.BYTES;
    }

    boolean encoded() {
        return groups == summary.gridT();
    }

    /** Memory that its pixels take while they are there. */
    long patchBytes() {
        return patches == null ? 0 : (long) patches.length * Float.BYTES;
    }
}
