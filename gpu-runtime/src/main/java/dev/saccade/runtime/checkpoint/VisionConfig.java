package dev.saccade.runtime.checkpoint;

import java.util.Set;

/**
 * Sizes of the vision tower.
 *
 * @param depth transformer blocks
 * @param intermediateSize width of the gated MLP
 * @param inChannels colour channels, 3
 * @param patchSize pixels on a patch's side
 * @param temporalPatchSize frames in a patch
 * @param mergeSize patches on the side of a visual token
 * @param windowSize pixels on the side of an attention window
 * @param outHiddenSize width of a visual token; the language model's hidden size
 * @param fullAttentionBlocks blocks that attend across windows
 * @param tokensPerSecond temporal positions for one second of video
 */
public record VisionConfig(
        int depth,
        int hiddenSize,
        int intermediateSize,
        int heads,
        int inChannels,
        int patchSize,
        int temporalPatchSize,
        int mergeSize,
        int windowSize,
        int outHiddenSize,
        Set<Integer> fullAttentionBlocks,
        double tokensPerSecond) {

    public VisionConfig {
        fullAttentionBlocks = Set.copyOf(fullAttentionBlocks);
    }

    /** Values of one head. */
    public int headSize() {
        return hiddenSize / heads;
    }

    /** Values of one flattened patch, 1176 in published checkpoints. */
    public int patchValues() {
        return inChannels * temporalPatchSize * patchSize * patchSize;
    }
}
