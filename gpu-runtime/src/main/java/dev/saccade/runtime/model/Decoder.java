package dev.saccade.runtime.model;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.Table;
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
    private final Matrix output; // (vocabulary, hidden)

    private final Workspace hidden;
    private final Workspace normed;
    private final Workspace delta;
    private final Workspace qkv;
    private final Workspace attended;
    private final Workspace table;
    private final Workspace wide;
    private final Workspace narrow;
    private final Workspace logits;

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
        this.output = device.matrix(List.of(checkpoint.tensor("lm_head.weight", config.vocabularySize(), width)));
        this.hidden = new Workspace(device);
        this.normed = new Workspace(device);
        this.delta = new Workspace(device);
        this.qkv = new Workspace(device);
        this.attended = new Workspace(device);
        this.table = new Workspace(device);
        this.wide = new Workspace(device);
        this.narrow = new Workspace(device);
        this.logits = new Workspace(device);
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
     * @param out one array of {@link #vocabularySize} logits for each of the step's output rows
     */
    public void forward(DecoderStep step, float[][] out) {
        int rows = step.rows();
        int intermediate = config.intermediateSize();
        DeviceBuffer x = hidden.atLeast(rows * config.hiddenSize()); // (rows, hidden)
        DeviceBuffer y = normed.atLeast(rows * config.hiddenSize()); // (rows, hidden)
        DeviceBuffer d = delta.atLeast(rows * config.hiddenSize()); // (rows, hidden)
        DeviceBuffer projected = qkv.atLeast(rows * heads.rowWidth()); // (rows, q + k + v)
        DeviceBuffer attention = attended.atLeast(rows * heads.queryWidth()); // (rows, query heads * size)
        DeviceBuffer gateUp = wide.atLeast(rows * 2 * intermediate); // (rows, 2 * intermediate)
        DeviceBuffer activated = narrow.atLeast(rows * intermediate); // (rows, intermediate)
        DeviceBuffer cosSin = rotaryTable(step.positions(), rows); // (rows, head size)

        embed(step, x);
        device.addAndNormalize(x, null, layers.getFirst().attentionNorm(), epsilon, rows, y);
        for (int i = 0; i < layers.size(); i++) {
            DecoderLayer layer = layers.get(i);
            device.linear(y, step.kinds(), layer.qkv(), layer.qkvBias(), projected);
            device.rotateAndCache(projected, heads, cosSin, cache, i, step.paged());
            device.pagedAttention(projected, heads, cache, i, step.paged(), attention);
            device.linear(attention, step.kinds(), layer.output(), null, d);
            device.addAndNormalize(x, d, layer.mlpNorm(), epsilon, rows, y);
            device.linear(y, step.kinds(), layer.gateUp(), null, gateUp);
            device.swiglu(gateUp, rows, intermediate, activated);
            device.linear(activated, step.kinds(), layer.down(), null, d);
            DeviceBuffer next = i + 1 < layers.size() ? layers.get(i + 1).attentionNorm() : finalNorm;
            device.addAndNormalize(x, d, next, epsilon, rows, y);
        }
        project(y, step.outputRows(), out);
    }

    private void embed(DecoderStep step, DeviceBuffer x) {
        device.lookUp(embedding, step.tokens(), x);
        for (DecoderStep.VisualRows visual : step.visuals()) {
            int[] from = range(visual.source(), visual.count());
            int[] to = range(visual.target(), visual.count());
            device.copyRows(visual.embeddings(), from, x, to, config.hiddenSize());
        }
    }

    private void project(DeviceBuffer y, int[] outputRows, float[][] out) {
        int rows = outputRows.length;
        if (rows == 0) {
            return;
        }
        int vocabulary = config.vocabularySize();
        DeviceBuffer last = delta.atLeast(rows * config.hiddenSize()); // (output rows, hidden)
        DeviceBuffer scores = logits.atLeast(rows * vocabulary); // (output rows, vocabulary)
        if (order.length < rows) {
            order = range(0, rows);
        }
        device.copyRows(y, outputRows, last, order, config.hiddenSize());
        device.linear(last, RowKinds.ofAnswers(rows), output, null, scores);
        for (int i = 0; i < rows; i++) {
            device.read(scores.view(i * vocabulary, vocabulary), vocabulary, out[i]);
        }
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
