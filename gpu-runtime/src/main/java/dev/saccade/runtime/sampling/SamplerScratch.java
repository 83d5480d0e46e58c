package dev.saccade.runtime.sampling;

/**
 * Memory that samplers work in, of the size of a vocabulary. One for each thread that samples; any number of
 * {@link Sampler}s of that thread share it.
 */
public final class SamplerScratch {

    final double[] scores;
    final int[] candidates;
    final double[] weights;

    public SamplerScratch(int vocabularySize) {
        this.scores = new double[vocabularySize];
        this.candidates = new int[vocabularySize];
        this.weights = new double[vocabularySize];
    }

    int vocabularySize() {
        return scores.length;
    }
}
