package dev.saccade.worker;

import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.Precision;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties below {@code saccade.worker}.
 *
 * @param model folder of the checkpoint, as it comes from the hub
 * @param precision how weights and KV cache are stored
 * @param device what computes: auto takes a GPU where one can be used
 * @param slots jobs in flight: sequences that the engine decodes together
 * @param kvCacheTokens tokens that the KV cache holds; 0 takes what memory a GPU has left
 * @param mediaThreads clips decoded in parallel
 * @param computeThreads threads for matrix products; 0 takes all processors
 * @param id who claims, in ledger and logs; unlike every other worker's. Made up where it is absent
 * @param lease how long a job stays this worker's without a heartbeat
 * @param heartbeatInterval at most a third of the lease
 * @param cacheDir folder for fetched media, of this worker alone
 * @param cacheBytes most bytes of fetched media
 * @param fetchPatience how long a store that fails is tried again before the job goes back to its queue
 * @param drainTimeout how long running jobs may go on when the worker is stopped; Kubernetes' grace period must be longer
 * @param liveInterval time between two messages about a running job to whoever streams its events
 */
@ConfigurationProperties("saccade.worker")
public record WorkerProperties(
        Path model,
        @DefaultValue("bfloat16") Precision precision,
        @DefaultValue("auto") DeviceChoice device,
        @DefaultValue("8") int slots,
        @DefaultValue("32768") int kvCacheTokens,
        @DefaultValue("2") int mediaThreads,
        @DefaultValue("0") int computeThreads,
        @Nullable String id,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("10s") Duration heartbeatInterval,
        @Nullable Path cacheDir,
        @DefaultValue("10GB") DataSize cacheBytes,
        @DefaultValue("30s") Duration fetchPatience,
        @DefaultValue("2m") Duration drainTimeout,
        @DefaultValue("100ms") Duration liveInterval) {

    public WorkerProperties {
        if (model == null) {
            throw new IllegalArgumentException("Set saccade.worker.model to the folder of the model's checkpoint.");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("saccade.worker.slots is " + slots + "; give at least 1.");
        }
        if (!heartbeatInterval.isPositive() || heartbeatInterval.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException("saccade.worker.heartbeat-interval is " + heartbeatInterval
                    + "; give more than 0 and at most a third of saccade.worker.lease, which is " + lease + ".");
        }
    }
}
