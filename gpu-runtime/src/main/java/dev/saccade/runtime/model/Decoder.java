package dev.saccade.runtime.model;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.StagedRows;
import dev.saccade.runtime.device.Table;
import dev.saccade.runtime.sampling.LogitRows;
import java.util.ArrayList;
import java.util.List;

/** The language model: tokens and visual tokens in, logits out, keys and values in a paged cache. */
public final class Decoder {

    private final Device device;
    private final TextConfig config;
    private final Heads heads;
    private final float epsilon;
    private final float[] frequencies;
    private final int[] sections; // angles of time, height and width
    private float[] angles = {}; // (rows, head size), kept from step to step
    private int[] order = {}; // 0, 1, 2...
    private final KeyValueCache cache;

    private final Table embedding; // (vocabulary, hidden)
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final DeviceBuffer finalNorm; // (hidden)
    private final Matrix projection; // (vocabulary, hidden)

    private final Workspace hidden;
    private final Workspace normed;
    private final Workspace delta;
    private final Workspace qkv;
    private final Workspace attended;
    private final Workspace table;
    private final Workspace wide;
    private final Workspace narrow;
    private final Workspace last;
    private final StepLogits output;

    /** @param cacheBlocks blocks of 16 tokens that the key-value cache holds */
    public Decoder(Checkpoint checkpoint, Device device, int cacheBlocks) {
        this.device = device;
        this.config = checkpoint.config().text();
        this.heads = new Heads(config.queryHeads(), config.keyValueHeads(), config.headSize());
        this.epsilon = (float) config.rmsNormEps();
        this.frequencies = Rotary.inverseFrequencies(config.ropeTheta(), config.headSize() / 2);
        this.sections =
                config.mropeSection().stream().mapToInt(Integer::intValue).toArray();
        this.cache = device.keyValueCache(config.layers(), heads, cacheBlocks);
        int width = config.hiddenSize();
        this.embedding = device.table(checkpoint.tensor("model.embed_tokens.weight", config.vocabularySize(), width));
        for (int i = 0; i < config.layers(); i++) {
            layers.add(DecoderLayer.load(checkpoint, device, heads, i));
        }
        this.finalNorm = device.vector(List.of(checkpoint.tensor("model.norm.weight", width)));
        this.projection = device.matrix(List.of(checkpoint.tensor("lm_head.weight", config.vocabularySize(), width)));
        this.hidden = new Workspace(device::allocate);
        this.normed = new Workspace(device::operand);
        this.delta = new Workspace(device::allocate);
        this.qkv = new Workspace(device::operand);
        this.attended = new Workspace(device::operand);
        this.table = new Workspace(device::allocate);
        this.wide = new Workspace(device::operand);
        this.narrow = new Workspace(device::operand);
        this.last = new Workspace(device::operand);
        this.output = new StepLogits(device, config.vocabularySize());
    }

    public int vocabularySize() {
        return config.vocabularySize();
    }

    /** Copies all layers' keys and values of one block to another. */
    public void copyBlock(int source, int target) {
        device.copyBlock(cache, source, target);
    }

    /**
     * Runs the rows through all layers and writes their keys and values to the cache.
     *
     * @return {@link #vocabularySize} logits for each of the step's output rows, until the next step
     */
    public LogitRows forward(DecoderStep step) {
        int rows = step.rows();
        int intermediate = config.intermediateSize();
        Activations all = new Activations(
                hidden.atLeast(rows * config.hiddenSize()),
                normed.atLeast(rows * config.hiddenSize()),
                delta.atLeast(rows * config.hiddenSize()),
                qkv.atLeast(rows * heads.rowWidth()),
                attended.atLeast(rows * heads.queryWidth()),
                wide.atLeast(rows * 2 * intermediate),
                narrow.atLeast(rows * intermediate),
                rotaryTable(step.positions(), rows));
        StagedRows staged = device.stage(step.paged(), step.kinds());
        embed(step, all.x);
        device.repeat(staged, () -> runLayers(step.kinds(), staged, all));
        project(all.y, step.outputRows());
        return output;
    }

    private record Activations(
            DeviceBuffer x, // (rows, hidden)
            DeviceBuffer y, // (rows, hidden)
            DeviceBuffer d, // (rows, hidden)
            DeviceBuffer projected, // (rows, q + k + v)
            DeviceBuffer attention, // (rows, query heads * size)
            DeviceBuffer gateUp, // (rows, 2 * intermediate)
            DeviceBuffer activated, // (rows, intermediate)
            DeviceBuffer cosSin) {} // (rows, head size)

    private void runLayers(RowKinds kinds, StagedRows staged, Activations all) {
        int rows = kinds.rows();
        device.addAndNormalize(all.x, null, layers.getFirst().attentionNorm(), epsilon, rows, all.y);
        for (int i = 0; i < layers.size(); i++) {
            DecoderLayer layer = layers.get(i);
            device.linearRotateAndCache(
                    all.y, kinds, layer.qkv(), layer.qkvBias(), heads, all.cosSin, cache, i, staged, all.projected);
            device.pagedAttention(all.projected, heads, cache, i, staged, all.attention);
            device.linear(all.attention, kinds, layer.output(), null, all.d);
            device.addAndNormalize(all.x, all.d, layer.mlpNorm(), epsilon, rows, all.y);
            device.linearSwiglu(all.y, kinds, layer.gateUp(), null, all.gateUp, all.activated);
            device.linear(all.activated, kinds, layer.down(), null, all.d);
            DeviceBuffer next = i + 1 < layers.size() ? layers.get(i + 1).attentionNorm() : finalNorm;
            device.addAndNormalize(all.x, all.d, next, epsilon, rows, all.y);
        }
    }

    private void embed(DecoderStep step, DeviceBuffer x) {
        device.lookUp(embedding, step.tokens(), x);
        for (DecoderStep.VisualRows visual : step.visuals()) {
            int[] from = range(visual.source(), visual.count());
            int[] to = range(visual.target(), visual.count());
            device.copyRows(visual.embeddings(), from, x, to, config.hiddenSize());
        }
    }

    private void project(DeviceBuffer y, int[] outputRows) {
        int rows = outputRows.length;
        output.begin(rows);
        if (rows == 0) {
            return;
        }
        DeviceBuffer wanted = last.atLeast(rows * config.hiddenSize()); // (output rows, hidden)
        if (order.length < rows) {
            order = range(0, rows);
        }
        device.copyRows(y, outputRows, wanted, order, config.hiddenSize());
        device.linear(wanted, RowKinds.ofAnswers(rows), projection, null, output.buffer());
    }

    private DeviceBuffer rotaryTable(int[][] positions, int rows) {
        int floats = rows * config.headSize();
        if (angles.length < floats) {
            angles = new float[floats];
        }
        Rotary.multimodal(positions, frequencies, sections, angles);
        DeviceBuffer buffer = table.atLeast(floats);
        device.write(angles, 0, floats, buffer);
        return buffer;
    }

    private static int[] range(int from, int count) {
        int[] range = new int[count];
        for (int i = 0; i < count; i++) {
            range[i] = from + i;
        }
        return range;
    }
}
