package dev.saccade.runtime.sampling;

/**
 * Memory that samplers work in, about 60 bytes for each token of the vocabulary. One for each thread that samples; any
 * number of {@link Sampler}s of that thread share it.
 */
public final class SamplerScratch {

    final ScoreRow row;
    final Candidates candidates;
    final long[] mask;

    public SamplerScratch(int vocabularySize) {
        this.row = new ScoreRow(vocabularySize);
        this.candidates = new Candidates(vocabularySize);
        this.mask = new long[Math.ceilDiv(vocabularySize, Long.SIZE)];
    }

    int vocabularySize() {
        return row.size();
    }
}
