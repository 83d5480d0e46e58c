package dev.saccade.ledger.batches;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long batches wait and stay.
 *
 * @param abandonedAfter an intake that broke off is given up when it has been silent for so long
 * @param keep how long a batch's lines are kept after its end; its jobs have a retention of their own
 */
@ConfigurationProperties("saccade.batches")
public record BatchSettings(
        @DefaultValue("1h") Duration abandonedAfter,
        @DefaultValue("90d") Duration keep) {}
