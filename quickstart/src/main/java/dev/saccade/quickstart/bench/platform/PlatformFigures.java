package dev.saccade.quickstart.bench.platform;

import java.util.Locale;

/**
 * What a run has measured.
 *
 * @param singleJobsPerS jobs from the first POST to the last success, a POST for each
 * @param batchJobsPerS the same, submitted many at a time
 * @param submitP50Ms median time of a POST at 100 a second
 * @param submitP99Ms 99th percentile of the same
 * @param overheadMs median time of one job at rest, from its POST to its result in the client's hands, without the engine's
 * @param broker which one carried the hints
 * @param database which one kept the jobs
 */
record PlatformFigures(
        double singleJobsPerS,
        double batchJobsPerS,
        double submitP50Ms,
        double submitP99Ms,
        double overheadMs,
        String broker,
        String database) {

    String table() {
        return String.format(
                Locale.ROOT,
                "single POSTs   %8.0f jobs/s%nbatches        %8.0f jobs/s%nsubmit, 100/s  %8.1f ms p50, %.1f ms p99%n"
                        + "one job        %8.1f ms beyond the engine%nbroker         %s%ndatabase       %s",
                singleJobsPerS,
                batchJobsPerS,
                submitP50Ms,
                submitP99Ms,
                overheadMs,
                broker,
                database);
    }
}
