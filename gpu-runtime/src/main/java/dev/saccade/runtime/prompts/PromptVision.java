package dev.saccade.runtime.prompts;

import dev.saccade.runtime.VisionOptions;
import org.jspecify.annotations.Nullable;

/** Which frames a prompt looks at unless a request says otherwise; a null leaves the model's default. See {@link VisionOptions}. */
public record PromptVision(
        @Nullable Double fps,
        @Nullable Integer nframes,
        @Nullable Integer minFrames,
        @Nullable Integer maxFrames,
        @Nullable Long minPixels,
        @Nullable Long maxPixels,
        @Nullable Long totalPixels,
        @Nullable Boolean timestamps) {

    static final PromptVision DEFAULT = new PromptVision(null, null, null, null, null, null, null, null);

    /** As the engine takes it. */
    public VisionOptions options() {
        return new VisionOptions(
                fps,
                nframes,
                minFrames,
                maxFrames,
                minPixels,
                maxPixels,
                totalPixels,
                null,
                null,
                null,
                null,
                Boolean.TRUE.equals(timestamps));
    }
}
