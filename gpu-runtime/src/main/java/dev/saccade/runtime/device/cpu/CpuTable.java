package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.Table;

/** A checkpoint's tensor (rows, width), read where it is mapped. */
record CpuTable(Tensor tensor) implements Table {

    @Override
    public int rows() {
        return tensor.shape()[0];
    }

    @Override
    public int width() {
        return tensor.shape()[1];
    }

    void copyRow(int row, float[] out, int to) {
        long from = (long) row * width();
        for (int i = 0; i < width(); i++) {
            out[to + i] = tensor.get(from + i);
        }
    }
}
