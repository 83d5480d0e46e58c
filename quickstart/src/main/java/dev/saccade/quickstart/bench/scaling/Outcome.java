package dev.saccade.quickstart.bench.scaling;

/**
 * What a run showed.
 *
 * @param jobs that were started
 * @param waitMedian seconds from submit to start
 * @param waitMost99 the same at the 99th percentile
 * @param gpuHours time of all workers, loading and draining too
 * @param busy share of the slots' time, while workers were there, in which jobs ran
 * @param mostWorkers at one time
 */
record Outcome(long jobs, double waitMedian, double waitMost99, double gpuHours, double busy, int mostWorkers) {}
