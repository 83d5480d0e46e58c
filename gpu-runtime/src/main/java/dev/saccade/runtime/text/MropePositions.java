package dev.saccade.runtime.text;

import java.util.List;

/**
 * Rotary positions on three axes, time, height and width (Qwen2.5-VL's multimodal rotary embedding).
 *
 * <p>Text counts up on all axes at once. A visual token at (t, h, w) of its merged grid has the position of the text before
 * it plus (trunc(t * secondsPerGrid * tokensPerSecond), h, w); images have t = 0. Text goes on after the highest position
 * of any axis. As in transformers 4.49 and vLLM, the product is taken in float32 and truncated at the end.
 *
 * @param positions [3][n]
 * @param next position of the first generated token, on all axes; then counting up by one
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the device, never compared
public record MropePositions(int[][] positions, int next) {

    private static final int AXES = 3;

    /**
     * The patch grid of an image or video.
     *
     * @param t temporal groups
     * @param h rows of patches
     * @param w columns of patches
     * @param secondsPerGrid 2 / sampled fps; 0 for an image
     */
    public record Grid(int t, int h, int w, double secondsPerGrid) {}

    /**
     * The positions of a prompt.
     *
     * @param length tokens of the prompt
     * @param spans the media of the prompt, in prompt order
     * @param grids the grid of each media index
     * @param mergeSize patches on the side of a visual token
     * @param tokensPerSecond temporal positions for one second
     */
    public static MropePositions of(
            int length, List<MediaSpan> spans, List<Grid> grids, int mergeSize, double tokensPerSecond) {
        int[][] positions = new int[AXES][length];
        int index = 0;
        int next = 0;
        for (MediaSpan span : spans) {
            next = text(positions, index, span.start(), next);
            Grid grid = grids.get(span.media());
            if (span.count() != grid.t() * (grid.h() / mergeSize) * (grid.w() / mergeSize)) {
                throw new IllegalArgumentException(
                        "a grid of " + grid + " does not make " + span.count() + " visual tokens");
            }
            next = media(positions, span.start(), next, grid, mergeSize, (float) tokensPerSecond);
            index = span.start() + span.count();
        }
        next = text(positions, index, length, next);
        return new MropePositions(positions, next);
    }

    private static int text(int[][] positions, int from, int to, int next) {
        int position = next;
        for (int i = from; i < to; i++, position++) {
            for (int[] axis : positions) {
                axis[i] = position;
            }
        }
        return position;
    }

    private static int media(int[][] positions, int from, int base, Grid grid, int mergeSize, float tokensPerSecond) {
        int rows = grid.h() / mergeSize;
        int columns = grid.w() / mergeSize;
        float seconds = (float) grid.secondsPerGrid();
        int i = from;
        int highest = 0;
        for (int t = 0; t < grid.t(); t++) {
            int time = (int) (t * seconds * tokensPerSecond);
            highest = Math.max(highest, time);
            for (int h = 0; h < rows; h++) {
                for (int w = 0; w < columns; w++, i++) {
                    positions[0][i] = base + time;
                    positions[1][i] = base + h;
                    positions[2][i] = base + w;
                }
            }
        }
        return base + Math.max(highest, Math.max(rows, columns) - 1) + 1;
    }
}
