package dev.saccade.runtime.model;

import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import java.util.List;

/**
 * The rows that go through the language model together: first tokens of answers, then stretches of prompts.
 *
 * @param tokens (rows); placeholders of visual tokens are overwritten by {@code visuals}
 * @param positions (3, rows): time, height, width
 * @param paged each row's slot, block table and length
 * @param kinds how many rows are tokens of answers, and how many of prompts
 * @param outputRows the rows whose logits are wanted, in ascending order
 */
@SuppressWarnings("ArrayRecordComponent") // rebuilt for each step, read in place
public record DecoderStep(
        int[] tokens, int[][] positions, PagedRows paged, RowKinds kinds, List<VisualRows> visuals, int[] outputRows) {

    /**
     * Visual tokens that stand in a prompt.
     *
     * @param embeddings (tokens, hidden) of one image or video
     * @param source first of its tokens to take
     * @param target row of the step where it goes
     */
    public record VisualRows(DeviceBuffer embeddings, int source, int target, int count) {}

    public int rows() {
        return tokens.length;
    }
}
