package dev.saccade.runtime.model;

import dev.saccade.runtime.checkpoint.VisionConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * How the patches of one temporal group are ordered for window attention: cell by cell within a window, window by window
 * in reading order. A cell is the 2 x 2 patches of one visual token; its patches stay together.
 *
 * @param gridH rows of patches, {@code gridW} columns
 * @param patches patches of a temporal group
 * @param cellOrder the cell, in reading order, that stands at each place
 * @param windows first patch of each window, then {@code patches}; windows at the right and lower edge may be smaller
 * @param rows the row of the grid of each patch, in window order
 * @param columns the column of the grid of each patch, in window order
 */
@SuppressWarnings("ArrayRecordComponent") // built for one clip, read in place
record FrameLayout(int gridH, int gridW, int patches, int[] cellOrder, int[] windows, int[] rows, int[] columns) {

    /** @param gridH rows and {@code gridW} columns of patches, both multiples of the merge size */
    static FrameLayout of(int gridH, int gridW, VisionConfig config) {
        int merge = config.mergeSize();
        int cellRows = gridH / merge;
        int cellColumns = gridW / merge;
        int side = config.windowSize() / config.patchSize() / merge; // cells on a window's side
        int patches = gridH * gridW;
        int[] cellOrder = new int[cellRows * cellColumns];
        List<Integer> windows = new ArrayList<>();
        int cells = 0;
        for (int top = 0; top < cellRows; top += side) {
            for (int left = 0; left < cellColumns; left += side) {
                windows.add(cells * merge * merge);
                for (int row = top; row < Math.min(top + side, cellRows); row++) {
                    for (int column = left; column < Math.min(left + side, cellColumns); column++) {
                        cellOrder[cells++] = row * cellColumns + column;
                    }
                }
            }
        }
        windows.add(patches);
        int[] rows = new int[patches];
        int[] columns = new int[patches];
        for (int i = 0; i < patches; i++) {
            int cell = cellOrder[i / (merge * merge)];
            rows[i] = cell / cellColumns * merge + i % (merge * merge) / merge;
            columns[i] = cell % cellColumns * merge + i % merge;
        }
        return new FrameLayout(
                gridH,
                gridW,
                patches,
                cellOrder,
                windows.stream().mapToInt(Integer::intValue).toArray(),
                rows,
                columns);
    }

    /** Boundaries of the windows of several temporal groups, one after the other. */
    int[] windows(int groups) {
        int each = windows.length - 1;
        int[] all = new int[groups * each + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = i / each * patches + windows[i % each];
        }
        return all;
    }

    /** Boundaries of whole temporal groups: attention never crosses them. */
    int[] frames(int groups) {
        int[] all = new int[groups + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = i * patches;
        }
        return all;
    }
}
