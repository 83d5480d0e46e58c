package dev.saccade.api.changes;

import java.util.UUID;

/** Tells when jobs may have changed: at once by the broker, else within {@code saccade.events.poll} by the database. */
public interface JobChanges {

    /**
     * Begins to watch; read the job only after it, so that no change falls between.
     *
     * @param tenantId the job's tenant: the caller has made sure that the job is its own
     * @param changed called after each change of state, and more often; on any thread, so it must return at once
     */
    Watch watch(UUID tenantId, UUID jobId, Runnable changed);

    /** Ends with its closing; closing it again does nothing. */
    interface Watch extends AutoCloseable {

        @Override
        void close();
    }
}
