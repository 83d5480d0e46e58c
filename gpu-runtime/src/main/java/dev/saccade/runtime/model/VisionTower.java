package dev.saccade.runtime.model;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.VisionConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns patches of pixels into visual tokens. Temporal groups don't see each other, so that a clip can be encoded a few
 * groups at a time with the same result.
 */
public final class VisionTower {

    /** Rows of an MLP that are computed at once: its activations are the widest. */
    private static final int MLP_ROWS = 2048;

    private static final double ROPE_THETA = 10_000;
    private static final float EPSILON = 1e-6f;

    private final Device device;
    private final VisionConfig config;
    private final Heads heads;
    private final float[] frequencies;

    private final Matrix patchEmbedding; // (hidden, patch values)
    private final List<VisionBlock> blocks = new ArrayList<>();
    private final DeviceBuffer mergerNorm; // (hidden)
    private final Matrix merger0; // (4 * hidden, 4 * hidden)
    private final DeviceBuffer merger0Bias;
    private final Matrix merger2; // (out, 4 * hidden)
    private final DeviceBuffer merger2Bias;

    private final Workspace pixels;
    private final Workspace hidden;
    private final Workspace normed;
    private final Workspace delta;
    private final Workspace qkv;
    private final Workspace table;
    private final Workspace wide;
    private final Workspace narrow;

    private @Nullable FrameLayout layout; // of the grid that was encoded last
    private float[] angles = {}; // (patches of a temporal group, head size)

    public VisionTower(Checkpoint checkpoint, Device device) {
        this.device = device;
        this.config = checkpoint.config().vision();
        this.heads = new Heads(config.heads(), config.heads(), config.headSize());
        this.frequencies = Rotary.inverseFrequencies(ROPE_THETA, config.headSize() / 4);
        int width = config.hiddenSize();
        int cell = width * config.mergeSize() * config.mergeSize();
        this.patchEmbedding = device.matrix(List.of(checkpoint.tensor(
                "visual.patch_embed.proj.weight",
                width,
                config.inChannels(),
                config.temporalPatchSize(),
                config.patchSize(),
                config.patchSize())));
        for (int i = 0; i < config.depth(); i++) {
            blocks.add(VisionBlock.load(checkpoint, device, i));
        }
        this.mergerNorm = device.vector(List.of(checkpoint.tensor("visual.merger.ln_q.weight", width)));
        this.merger0 = device.matrix(List.of(checkpoint.tensor("visual.merger.mlp.0.weight", cell, cell)));
        this.merger0Bias = device.vector(List.of(checkpoint.tensor("visual.merger.mlp.0.bias", cell)));
        int out = config.outHiddenSize();
        this.merger2 = device.matrix(List.of(checkpoint.tensor("visual.merger.mlp.2.weight", out, cell)));
        this.merger2Bias = device.vector(List.of(checkpoint.tensor("visual.merger.mlp.2.bias", out)));
        this.pixels = new Workspace(device::operand);
        this.hidden = new Workspace(device::allocate);
        this.normed = new Workspace(device::operand);
        this.delta = new Workspace(device::allocate);
        this.qkv = new Workspace(device::operand);
        this.table = new Workspace(device::allocate);
        this.wide = new Workspace(device::operand);
        this.narrow = new Workspace(device::operand);
    }

    /**
     * Encodes some temporal groups of a clip.
     *
     * @param patches the clip's (groups * gridH * gridW, patch values), cells of 2 x 2 patches together
     * @param first temporal group to begin with, of {@code groups}
     * @param out (groups * gridH * gridW / 4, out hidden size): visual tokens in reading order
     */
    public void encode(float[] patches, int first, int groups, int gridH, int gridW, DeviceBuffer out) {
        if (layout == null || layout.gridH() != gridH || layout.gridW() != gridW) {
            layout = FrameLayout.of(gridH, gridW, config);
            angles = new float[layout.patches() * config.headSize()];
            Rotary.planar(layout.rows(), layout.columns(), frequencies, angles);
        }
        encode(layout, patches, first, groups, out);
    }

    private void encode(FrameLayout layout, float[] patches, int first, int groups, DeviceBuffer out) {
        int rows = groups * layout.patches();
        int width = config.hiddenSize();
        int[] windows = layout.windows(groups);
        int[] frames = layout.frames(groups);
        DeviceBuffer x = hidden.atLeast(rows * width); // (rows, hidden)
        DeviceBuffer y = normed.atLeast(rows * width); // (rows, hidden)
        DeviceBuffer d = delta.atLeast(rows * width); // (rows, hidden)
        DeviceBuffer attention = qkv.atLeast(rows * heads.rowWidth()); // (rows, 3 * hidden)
        DeviceBuffer cosSin = rotaryTable(layout, groups); // (rows, head size)

        embedPatches(patches, first * layout.patches(), rows, d);
        toWindowOrder(layout, groups, d, x);
        device.addAndNormalize(x, null, blocks.getFirst().attentionNorm(), EPSILON, rows, y);
        for (int i = 0; i < blocks.size(); i++) {
            VisionBlock block = blocks.get(i);
            device.linear(y, RowKinds.ofPrompt(rows), block.qkv(), block.qkvBias(), attention);
            device.rotate(attention, rows, heads, cosSin);
            device.segmentAttention(attention, heads, block.full() ? frames : windows, y);
            device.linear(y, RowKinds.ofPrompt(rows), block.projection(), block.projectionBias(), d);
            device.addAndNormalize(x, d, block.mlpNorm(), EPSILON, rows, y);
            mlp(block, y, rows, d);
            DeviceBuffer next = i + 1 < blocks.size() ? blocks.get(i + 1).attentionNorm() : mergerNorm;
            device.addAndNormalize(x, d, next, EPSILON, rows, y);
        }
        merge(layout, groups, y, out);
    }

    /** {@code out = patches * weights^T} for (rows, patch values) from a row of the clip on. */
    private void embedPatches(float[] patches, int firstRow, int rows, DeviceBuffer out) {
        int values = config.patchValues();
        for (int row = 0; row < rows; row += MLP_ROWS) {
            int count = Math.min(MLP_ROWS, rows - row);
            DeviceBuffer chunk = pixels.atLeast(count * values);
            device.write(patches, (firstRow + row) * values, count * values, chunk);
            DeviceBuffer target = out.view(row * config.hiddenSize(), count * config.hiddenSize());
            device.linear(chunk, RowKinds.ofPrompt(count), patchEmbedding, null, target);
        }
    }

    /** Moves whole cells, four rows at once. */
    private void toWindowOrder(FrameLayout layout, int groups, DeviceBuffer from, DeviceBuffer to) {
        int[] cells = cells(layout, groups);
        device.copyRows(from, cells, to, inOrder(cells.length), config.hiddenSize() * mergedPatches());
    }

    private void mlp(VisionBlock block, DeviceBuffer x, int rows, DeviceBuffer out) {
        int width = config.hiddenSize();
        int intermediate = config.intermediateSize();
        for (int row = 0; row < rows; row += MLP_ROWS) {
            int count = Math.min(MLP_ROWS, rows - row);
            DeviceBuffer gateUp = wide.atLeast(count * 2 * intermediate);
            DeviceBuffer activated = narrow.atLeast(count * intermediate);
            device.linearSwiglu(
                    x.view(row * width, count * width),
                    RowKinds.ofPrompt(count),
                    block.gateUp(),
                    block.gateUpBias(),
                    gateUp,
                    activated);
            device.linear(
                    activated,
                    RowKinds.ofPrompt(count),
                    block.down(),
                    block.downBias(),
                    out.view(row * width, count * width));
        }
    }

    /** Makes one visual token of each cell's four patches, back in reading order. */
    private void merge(FrameLayout layout, int groups, DeviceBuffer x, DeviceBuffer out) {
        int cells = groups * layout.patches() / mergedPatches();
        int cellWidth = config.hiddenSize() * mergedPatches();
        DeviceBuffer inner = wide.atLeast(cells * cellWidth); // (cells, 4 * hidden)
        DeviceBuffer merged = narrow.atLeast(cells * config.outHiddenSize()); // (cells, out)
        device.linear(x, RowKinds.ofPrompt(cells), merger0, merger0Bias, inner);
        device.gelu(inner, cells * cellWidth);
        device.linear(inner, RowKinds.ofPrompt(cells), merger2, merger2Bias, merged);
        device.copyRows(merged, inOrder(cells), out, cells(layout, groups), config.outHiddenSize());
    }

    private DeviceBuffer rotaryTable(FrameLayout layout, int groups) {
        int one = layout.patches() * config.headSize();
        DeviceBuffer all = table.atLeast(groups * one);
        for (int group = 0; group < groups; group++) {
            device.write(angles, 0, one, all.view(group * one, one));
        }
        return all;
    }

    private static int[] cells(FrameLayout layout, int groups) {
        int each = layout.cellOrder().length;
        int[] all = new int[groups * each];
        for (int i = 0; i < all.length; i++) {
            all[i] = i / each * each + layout.cellOrder()[i % each];
        }
        return all;
    }

    private static int[] inOrder(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        return order;
    }

    private int mergedPatches() {
        return config.mergeSize() * config.mergeSize();
    }
}
