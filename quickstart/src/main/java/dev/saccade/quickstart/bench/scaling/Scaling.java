package dev.saccade.quickstart.bench.scaling;

/**
 * What the chart's {@code worker.autoscaling} says, by the same names.
 *
 * @param minReplicas workers that always run
 * @param maxReplicas most workers
 * @param jobsPerWorker waiting and running jobs for which one worker is wanted
 * @param pollingSeconds between two looks at the backlog
 * @param cooldownSeconds from the last job to no worker
 * @param upPods most workers added in a period
 * @param upSeconds that period
 * @param stabilizationSeconds the most that was wanted within so long is what counts when going down
 * @param downPercent most of the workers taken away in a period
 * @param downSeconds that period
 */
record Scaling(
        int minReplicas,
        int maxReplicas,
        int jobsPerWorker,
        int pollingSeconds,
        int cooldownSeconds,
        int upPods,
        int upSeconds,
        int stabilizationSeconds,
        int downPercent,
        int downSeconds) {

    /** The chart's. */
    static final Scaling CHART = new Scaling(0, 10, 8, 15, 900, 8, 60, 600, 25, 120);

    private Scaling with(int most, int jobs, int stabilization) {
        return new Scaling(
                minReplicas,
                most,
                jobs,
                pollingSeconds,
                cooldownSeconds,
                upPods,
                upSeconds,
                stabilization,
                downPercent,
                downSeconds);
    }

    Scaling withMaxReplicas(int most) {
        return with(most, jobsPerWorker, stabilizationSeconds);
    }

    Scaling withJobsPerWorker(int jobs) {
        return with(maxReplicas, jobs, stabilizationSeconds);
    }

    Scaling withStabilizationSeconds(int stabilization) {
        return with(maxReplicas, jobsPerWorker, stabilization);
    }
}
