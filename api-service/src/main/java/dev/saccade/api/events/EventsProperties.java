package dev.saccade.api.events;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties below {@code saccade.events}.
 *
 * @param heartbeat a stream that has nothing to send sends a comment after this time
 * @param poll time between two looks into the database at the jobs that are streamed, should the broker have lost word
 * @param keyCheck time between two looks whether the streams' API keys are still in force
 * @param withoutKey longest life of a stream of a caller whose credentials can't be looked up again; it may reconnect
 * @param slowClient a client that takes longer to take in what is sent at once is sent away
 * @param maxStreams most streams of this instance
 * @param maxStreamsPerTenant most streams of one tenant on this instance
 */
@ConfigurationProperties("saccade.events")
public record EventsProperties(
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("2s") Duration poll,
        @DefaultValue("20s") Duration keyCheck,
        @DefaultValue("5m") Duration withoutKey,
        @DefaultValue("5s") Duration slowClient,
        @DefaultValue("5000") int maxStreams,
        @DefaultValue("1000") int maxStreamsPerTenant) {}
