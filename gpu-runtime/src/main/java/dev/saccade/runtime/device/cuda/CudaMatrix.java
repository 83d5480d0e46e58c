package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.Table;

/** Weights in bf16, (outputs, inputs) as they are stored; also a table of (rows, width). */
record CudaMatrix(long address, int outputs, int inputs) implements Matrix, Table {

    @Override
    public int rows() {
        return outputs;
    }

    @Override
    public int width() {
        return inputs;
    }
}
