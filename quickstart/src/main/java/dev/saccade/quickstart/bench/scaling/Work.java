package dev.saccade.quickstart.bench.scaling;

/**
 * What the jobs and the workers are like.
 *
 * @param load when jobs come
 * @param jobSeconds a job's mean time on a worker whose slots are full; times are drawn from an exponential distribution
 * @param slots jobs that a worker runs at a time
 * @param loadSeconds from a worker that is wanted to one that takes jobs: node, image, model
 * @param seconds how long is played
 * @param seed of what is drawn
 */
record Work(Load load, double jobSeconds, int slots, int loadSeconds, int seconds, long seed) {}
