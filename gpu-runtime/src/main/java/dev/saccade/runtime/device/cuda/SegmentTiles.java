package dev.saccade.runtime.device.cuda;

import java.util.Arrays;

/** The tiles of some segments, kept on the device for as long as the same ones are asked for. */
final class SegmentTiles {

    private final StepStaging staging;
    private int[] boundaries = {};
    private int tiles;

    SegmentTiles(StepStaging staging) {
        this.staging = staging;
    }

    boolean of(int[] boundaries) {
        return Arrays.equals(this.boundaries, boundaries);
    }

    void stage(int[] boundaries) {
        this.boundaries = boundaries.clone();
        this.tiles = staging.stageSegments(boundaries);
    }

    int tiles() {
        return tiles;
    }

    long address() {
        return staging.address();
    }
}
