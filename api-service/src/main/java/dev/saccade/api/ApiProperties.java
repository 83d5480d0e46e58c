package dev.saccade.api;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the API is set up.
 *
 * @param maxUploadBytes largest file
 * @param maxConcurrentUploads most uploads at one time in this instance
 * @param uploadFolder where files lie while they are received and probed
 * @param deduplicate whether a tenant's uploads of the same bytes share one object
 * @param maxBodyBytes largest body other than an upload
 * @param maxQuestionCharacters characters of all texts of a job together
 * @param maxMessages turns of a conversation
 * @param maxMediaPerJob videos and images of a job
 * @param maxTokens largest {@code max_tokens}: the context of the largest model that serves here
 * @param relayInterval how long the relay waits before it looks for hints that other instances left
 * @param sweepInterval time between two sweeps of the ledger
 * @param partitionInterval time between two looks at which partitions are missing and which are over
 */
@ConfigurationProperties("saccade.api")
public record ApiProperties(
        @DefaultValue("2147483648") long maxUploadBytes,
        @DefaultValue("256") int maxConcurrentUploads,
        @DefaultValue("${java.io.tmpdir}/saccade-uploads") Path uploadFolder,
        @DefaultValue("true") boolean deduplicate,
        @DefaultValue("2097152") long maxBodyBytes,
        @DefaultValue("100000") int maxQuestionCharacters,
        @DefaultValue("200") int maxMessages,
        @DefaultValue("32") int maxMediaPerJob,
        @DefaultValue("128000") int maxTokens,
        @DefaultValue("1s") Duration relayInterval,
        @DefaultValue("5s") Duration sweepInterval,
        @DefaultValue("10m") Duration partitionInterval) {}
