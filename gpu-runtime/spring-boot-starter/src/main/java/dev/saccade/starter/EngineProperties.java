package dev.saccade.starter;

import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties below {@code saccade}. What they don't name is set by an {@link EngineOptions} bean of the application.
 *
 * @param model folder of the checkpoint, as it comes from the hub
 * @param precision how weights and KV cache are stored
 * @param device what computes: auto takes a GPU where one can be used
 * @param maxSequences most answers that are written together
 * @param kvCacheTokens tokens that the KV cache holds; 0 takes what memory a GPU has left
 * @param mediaThreads clips decoded in parallel
 * @param computeThreads threads for matrix products; 0 takes all processors
 */
@ConfigurationProperties("saccade")
public record EngineProperties(
        @Nullable Path model,
        @DefaultValue("bfloat16") Precision precision,
        @DefaultValue("auto") DeviceChoice device,
        @DefaultValue("8") int maxSequences,
        @DefaultValue("32768") int kvCacheTokens,
        @DefaultValue("2") int mediaThreads,
        @DefaultValue("0") int computeThreads) {

    EngineOptions options() {
        return EngineOptions.DEFAULT.toBuilder()
                .precision(precision)
                .device(device)
                .maxSequences(maxSequences)
                .kvCacheTokens(kvCacheTokens)
                .mediaThreads(mediaThreads)
                .computeThreads(computeThreads)
                .build();
    }
}
