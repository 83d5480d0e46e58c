package dev.saccade.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model wrote, and everything needed to write it again.
 *
 * @param completions as many answers as were asked for, at least one
 * @param seed the seed that was used, given or drawn
 * @param sampling the parameters in force, every default filled in
 * @param media for each image and video, in prompt order, the frames that the model saw
 * @param promptLogprobs one for each token of the prompt but the first, where they were asked for
 * @param warnings sentences for the user, e.g. that neighbouring frames share a position
 * @param modelFingerprint SHA-256, in hex, over the checkpoint's content
 */
public record GenerationResult(
        List<Completion> completions,
        Usage usage,
        long seed,
        SamplingParameters sampling,
        List<MediaUsed> media,
        List<TokenLogprobs> promptLogprobs,
        Timings timings,
        List<String> warnings,
        String modelFingerprint) {

    public GenerationResult {
        completions = List.copyOf(completions);
        media = List.copyOf(media);
        promptLogprobs = List.copyOf(promptLogprobs);
        warnings = List.copyOf(warnings);
        if (completions.isEmpty()) {
            throw new IllegalArgumentException("a result has at least one completion");
        }
    }

    /** The first completion's text. */
    public String text() {
        return completions.getFirst().text();
    }

    /** The first completion's reasoning. */
    public @Nullable String reasoning() {
        return completions.getFirst().reasoning();
    }

    /** The first completion's answer. */
    public String answer() {
        return completions.getFirst().answer();
    }

    /** The first completion's. */
    public FinishReason finishReason() {
        return completions.getFirst().finishReason();
    }

    /**
     * Tokens read and written; {@code visualTokens} are part of {@code promptTokens}.
     *
     * @param cachedTokens tokens of the prompt whose keys and values were found in the cache
     */
    public record Usage(int promptTokens, int completionTokens, int visualTokens, int cachedTokens) {}

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
