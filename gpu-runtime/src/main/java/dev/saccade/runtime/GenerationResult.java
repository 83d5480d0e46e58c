package dev.saccade.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model wrote, and everything needed to write it again.
 *
 * @param text the whole output without special tokens
 * @param reasoning what stands between {@code <think>} and {@code </think>}, trimmed; null where there is none
 * @param answer what stands between {@code <answer>} and {@code </answer>}, trimmed; else the text after the reasoning
 * @param seed the seed that was used, given or drawn
 * @param sampling the parameters in force, every default filled in
 * @param media for each image and video, in prompt order, the frames that the model saw
 * @param warnings sentences for the user, e.g. that neighbouring frames share a position
 * @param modelFingerprint SHA-256, in hex, over the checkpoint's content
 */
public record GenerationResult(
        String text,
        @Nullable String reasoning,
        String answer,
        FinishReason finishReason,
        Usage usage,
        long seed,
        SamplingParameters sampling,
        List<MediaUsed> media,
        Timings timings,
        List<String> warnings,
        String modelFingerprint) {

    public GenerationResult {
        media = List.copyOf(media);
        warnings = List.copyOf(warnings);
    }

    /** Tokens read and written; {@code visualTokens} are part of {@code promptTokens}. */
    public record Usage(int promptTokens, int completionTokens, int visualTokens) {}

    /**
     * The frames of one image or video that the model saw.
     *
     * @param indices frame numbers in the decoded clip
     * @param seconds the time of each of them
     * @param sampledFps frames for each second of video; 0 for an image
     * @param height resized height in pixels, with the timestamp border where there is one
     * @param width resized width in pixels
     * @param visualTokens tokens that the clip takes in the prompt
     */
    public record MediaUsed(
            String kind,
            List<Integer> indices,
            List<Double> seconds,
            double sampledFps,
            int height,
            int width,
            int visualTokens) {

        public MediaUsed {
            indices = List.copyOf(indices);
            seconds = List.copyOf(seconds);
        }
    }

    /** Where the time went, in milliseconds. */
    public record Timings(
            double queueMillis,
            double mediaMillis,
            double visionMillis,
            double prefillMillis,
            double decodeMillis,
            double timeToFirstTokenMillis,
            double totalMillis) {}
}
