package dev.saccade.runtime.schedule;

import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.sampling.Samplers;
import java.util.List;

/** What can be said about a request before any work is done for it, and the limits on its length. */
final class RequestChecks {

    private static final int DEFAULT_MAX_TOKENS = 4_096;

    /** No token of a byte-level vocabulary is longer on average, so that longer texts can't fit the context. */
    private static final int BYTES_PER_TOKEN = 16;

    private static final int MAX_IMAGES = 10;
    private static final int MAX_VIDEOS = 10;

    private final Samplers samplers;
    private final int contextTokens;
    private final int cacheBlocks;

    RequestChecks(Samplers samplers, int contextTokens, int cacheBlocks) {
        this.samplers = samplers;
        this.contextTokens = contextTokens;
        this.cacheBlocks = cacheBlocks;
    }

    /**
     * Checks a request and fills in its sampling parameters.
     *
     * @throws InvalidRequestException with a sentence that says what to change
     */
    SamplingParameters check(GenerationRequest request) {
        checkMessages(request.messages());
        MediaPipeline.check(request.vision());
        Integer maxTokens = request.sampling().maxTokens();
        if (maxTokens != null && maxTokens > contextTokens) {
            throw tooManyTokens(maxTokens, "the model's context holds " + contextTokens + " tokens");
        }
        return samplers.resolve(request);
    }

    private void checkMessages(List<Message> messages) {
        if (messages.isEmpty() || messages.getLast().role() != Message.Role.USER) {
            throw new InvalidRequestException(
                    "invalid-messages", "The last message must be the user's; add a question.");
        }
        if (messages.getLast().parts().stream()
                .noneMatch(
                        part -> part instanceof Part.Text text && !text.text().isBlank())) {
            throw new InvalidRequestException("empty-question", "The question is empty; ask something.");
        }
        long characters = 0;
        int images = 0;
        int videos = 0;
        for (Message message : messages) {
            for (Part part : message.parts()) {
                switch (part) {
                    case Part.Text text -> characters += text.text().length();
                    case Part.Image ignored -> images++;
                    case Part.Video ignored -> videos++;
                }
            }
        }
        if (characters > (long) BYTES_PER_TOKEN * contextTokens) {
            throw new InvalidRequestException(
                    "prompt-too-long",
                    "The messages have " + characters + " characters, more than the model's context of " + contextTokens
                            + " tokens can hold; shorten them.");
        }
        if (images > MAX_IMAGES || videos > MAX_VIDEOS) {
            throw new InvalidRequestException(
                    "too-many-media",
                    "The prompt has " + images + " images and " + videos + " videos; at most " + MAX_IMAGES
                            + " images and " + MAX_VIDEOS + " videos fit one prompt.");
        }
    }

    /**
     * Tokens that each answer may have. All answers of a request fit the cache at once, with one copy of the prompt's full
     * blocks, so that whatever is accepted can be finished.
     *
     * @throws InvalidRequestException where prompt and answers fit neither context nor cache, however long one waits
     */
    int maxTokens(int promptTokens, SamplingParameters sampling) {
        int samples = sampling.samples();
        int shared = promptTokens / KeyValueCache.BLOCK_TOKENS;
        int cacheLimit = (shared + Math.max(0, cacheBlocks - shared) / samples) * KeyValueCache.BLOCK_TOKENS;
        int limit = Math.min(contextTokens, cacheLimit);
        String holder = contextTokens <= cacheLimit
                ? "the model's context holds " + contextTokens + " tokens"
                : "this engine's key-value cache holds " + cacheBlocks * KeyValueCache.BLOCK_TOKENS + " tokens"
                        + (samples == 1 ? "" : " for all " + samples + " answers");
        if (promptTokens >= limit) {
            throw new InvalidRequestException(
                    "prompt-too-long",
                    "The prompt takes " + promptTokens + " tokens with its media, but " + holder
                            + ", the answer included; use fewer or smaller frames, or a shorter text.");
        }
        Integer given = sampling.maxTokens();
        if (given == null) {
            return Math.min(DEFAULT_MAX_TOKENS, limit - promptTokens);
        }
        if (given > limit - promptTokens) {
            throw tooManyTokens(
                    given,
                    "beside the prompt's " + promptTokens + " tokens there is room for " + (limit - promptTokens) + ": "
                            + holder);
        }
        return given;
    }

    private static InvalidRequestException tooManyTokens(int given, String reason) {
        return new InvalidRequestException(
                "max-tokens-too-large", "max_tokens is " + given + ", but " + reason + "; give less.");
    }
}
