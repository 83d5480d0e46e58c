package dev.saccade.runtime.checkpoint;

import java.util.List;

/**
 * Sizes of the language model.
 *
 * @param layers decoder layers
 * @param queryHeads attention heads
 * @param keyValueHeads heads of keys and values; divides {@code queryHeads}
 * @param headSize values of one head
 * @param intermediateSize width of the gated MLP
 * @param vocabularySize rows of the embedding, at least the tokenizer's tokens
 * @param maxPositions longest context in tokens
 * @param mropeSection halves of {@code headSize} given to time, height and width; sums to {@code headSize / 2}
 * @param tieWordEmbeddings the output projection is the embedding
 */
public record TextConfig(
        int hiddenSize,
        int layers,
        int queryHeads,
        int keyValueHeads,
        int headSize,
        int intermediateSize,
        int vocabularySize,
        int maxPositions,
        double rmsNormEps,
        double ropeTheta,
        List<Integer> mropeSection,
        boolean tieWordEmbeddings) {

    public TextConfig {
        mropeSection = List.copyOf(mropeSection);
    }
}
