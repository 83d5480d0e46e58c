package dev.saccade.runtime.model;

import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.TokenMeasure;
import dev.saccade.runtime.sampling.LogitRows;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step's logits on the device, and copies of those rows that were asked for. */
final class StepLogits implements LogitRows {

    private final Device device;
    private final int vocabulary;
    private final Workspace memory; // (rows, vocabulary)
    private float[][] copies = {};
    private boolean[] copied = {};
    private int rows;

    StepLogits(Device device, int vocabulary) {
        this.device = device;
        this.vocabulary = vocabulary;
        this.memory = new Workspace(device::allocate);
    }

    /** Forgets the last step's. */
    void begin(int rows) {
        this.rows = rows;
        if (copies.length < rows) {
            copies = Arrays.copyOf(copies, rows);
            copied = new boolean[rows];
        }
        Arrays.fill(copied, false);
    }

    DeviceBuffer buffer() {
        return memory.atLeast(rows * vocabulary);
    }

    @Override
    public float[] row(int row) {
        if (copies[row] == null) {
            copies[row] = new float[vocabulary];
        }
        if (!copied[row]) {
            device.read(buffer().view(row * vocabulary, vocabulary), vocabulary, copies[row]);
            copied[row] = true;
        }
        return copies[row];
    }

    @Override
    public boolean drawn() {
        return device.drawsTokens();
    }

    @Override
    public void draw(List<TokenDraw> draws, int[] tokens) {
        device.draw(buffer(), vocabulary, draws, tokens);
    }

    @Override
    public @Nullable TokenMeasure measure(int row, int token, int likeliest) {
        return device.measure(buffer(), vocabulary, row, token, likeliest);
    }
}
