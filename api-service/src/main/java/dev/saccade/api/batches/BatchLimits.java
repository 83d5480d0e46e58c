package dev.saccade.api.batches;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds on one batch.
 *
 * @param maxLines most lines
 * @param maxLineBytes longest line
 */
@ConfigurationProperties("saccade.batches.limits")
public record BatchLimits(
        @DefaultValue("100000") int maxLines,
        @DefaultValue("2097152") int maxLineBytes) {}
