package dev.saccade.runtime.checkpoint;

import java.util.Set;

/**
 * What {@code config.json} says, in either of its generations, with the end-of-turn tokens of
 * {@code generation_config.json}.
 *
 * @param imageTokenId placeholder of one visual token of an image
 * @param videoTokenId placeholder of one visual token of a video
 * @param eosTokenIds tokens that end an answer
 */
public record ModelConfig(
        TextConfig text,
        VisionConfig vision,
        int imageTokenId,
        int videoTokenId,
        int visionStartTokenId,
        int visionEndTokenId,
        Set<Integer> eosTokenIds) {

    public ModelConfig {
        eosTokenIds = Set.copyOf(eosTokenIds);
    }
}
