package dev.saccade.runtime.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EngineBench} found. Other programs read these names.
 *
 * @param shape the model's sizes, or its folder's name
 * @param layers decoder layers
 * @param promptTokens of each request in {@code results}
 * @param outputTokens of each request in {@code results}
 * @param readGigabytesPerSecond read bandwidth with the engine's threads, the best of the run
 * @param weightBytesPerStep what a decoding step reads of the weights
 * @param batchInvariance null until it has been measured
 * @param schedulerMicrosPerStep scheduling, block tables and sampling of one step at 64 sequences, greedy
 * @param schedulerSampledMicrosPerStep the same with the checkpoint's own sampling parameters
 */
public record EngineFigures(
        String shape,
        int layers,
        @JsonProperty("prompt_tokens") int promptTokens,
        @JsonProperty("output_tokens") int outputTokens,
        List<Decode> results,
        Prefill prefill,
        Vision vision,
        Repeat repeat,
        @JsonProperty("scheduler_us_per_step") double schedulerMicrosPerStep,
        @JsonProperty("scheduler_sampled_us_per_step") double schedulerSampledMicrosPerStep,
        @JsonProperty("read_gb_per_s") double readGigabytesPerSecond,
        @JsonProperty("weight_bytes_per_step") long weightBytesPerStep,
        @JsonProperty("batch_invariance") @Nullable Invariance batchInvariance,
        Machine machine) {

    public EngineFigures {
        results = List.copyOf(results);
    }

    /**
     * Requests that decode together.
     *
     * @param tokensPerSecond of all requests together, while all of them decode
     * @param timeToFirstTokenMillis median over the requests, which are submitted at once
     * @param interTokenMillis median over the tokens
     * @param bandwidthRatio weight bytes of a step by its time, to the read bandwidth
     */
    public record Decode(
            int concurrency,
            @JsonProperty("tokens_per_s") double tokensPerSecond,
            @JsonProperty("ttft_ms") double timeToFirstTokenMillis,
            @JsonProperty("inter_token_ms") double interTokenMillis,
            @JsonProperty("bandwidth_ratio") double bandwidthRatio) {}

    /**
     * One prompt that is read.
     *
     * @param tokens of the prompt
     * @param gigaOperations of the layers' matrix products, a second
     * @param ratio of that to the rate of the bare products in bf16; null where that can't be measured
     * @param ratioFloat32 to their rate in float32: the harder one where the processor can't multiply bf16
     */
    public record Prefill(
            int tokens,
            @JsonProperty("tokens_per_s") double tokensPerSecond,
            @JsonProperty("gflop_per_s") double gigaOperations,
            @Nullable Double ratio,
            @JsonProperty("ratio_float32") @Nullable Double ratioFloat32) {}

    /**
     * One clip that is encoded.
     *
     * @param patches of all its frames
     * @param gigaOperations of the tower's matrix products, a second
     * @param ratio of that to the rate of the bare products in bf16; null where that can't be measured
     * @param ratioFloat32 to their rate in float32: the harder one where the processor can't multiply bf16
     */
    public record Vision(
            int patches,
            @JsonProperty("gflop_per_s") double gigaOperations,
            @Nullable Double ratio,
            @JsonProperty("ratio_float32") @Nullable Double ratioFloat32) {}

    /**
     * Two questions about one clip.
     *
     * @param firstMillis time to the first token of the first question
     * @param secondMillis of the second, which finds the clip in the caches
     */
    public record Repeat(
            @JsonProperty("visual_tokens") int visualTokens,
            @JsonProperty("first_ttft_ms") double firstMillis,
            @JsonProperty("second_ttft_ms") double secondMillis) {}

    /**
     * What it costs that answers have the same bits whatever shares their batch.
     *
     * @param tokensPerSecondWithout of an engine that doesn't promise it
     * @param price share of that speed that the promise costs; 0 where the processor can't multiply bf16, so that both run the same kernels
     */
    public record Invariance(
            int concurrency,
            @JsonProperty("tokens_per_s_with") double tokensPerSecondWith,
            @JsonProperty("tokens_per_s_without") double tokensPerSecondWithout,
            double price) {}

    EngineFigures with(Invariance invariance) {
        return new EngineFigures(
                shape,
                layers,
                promptTokens,
                outputTokens,
                results,
                prefill,
                vision,
                repeat,
                schedulerMicrosPerStep,
                schedulerSampledMicrosPerStep,
                readGigabytesPerSecond,
                weightBytesPerStep,
                invariance,
                machine);
    }
}
