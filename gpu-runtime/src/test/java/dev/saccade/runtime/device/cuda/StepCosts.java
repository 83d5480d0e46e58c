package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.Heads;
import java.util.ArrayList;
import java.util.List;

/**
 * What the steps of the 7B model move and compute, made of {@link KernelCosts}.
 *
 * @param kernels of one step, in turn
 */
record StepCosts(List<Cost> kernels) {

    static final int LAYERS = 28;
    static final int HIDDEN = 3584;
    static final int INTERMEDIATE = 18944;
    static final int VOCABULARY = 152_064;
    static final Heads HEADS = new Heads(28, 4, 128);

    /** Rows that our own products take; more go to the library. */
    private static final int MOST_ROWS = 16;

    private static final int BF16 = Short.BYTES;
    private static final int FLOAT = Float.BYTES;

    /** A row of each of so many sequences, all of which have seen as many tokens. */
    static StepCosts decode(int batch, int context) {
        StepCosts step = new StepCosts(new ArrayList<>());
        step.add(KernelCosts.lookUp(batch, HIDDEN));
        step.add(KernelCosts.norm(batch, HIDDEN, false));
        for (int i = 0; i < LAYERS; i++) {
            step.layer(batch, true, KernelCosts.decodeAttention(batch, context, HEADS));
        }
        step.output(batch);
        return step;
    }

    /** {@code rows} tokens of a prompt behind {@code before}, the last of which gives logits. */
    static StepCosts prefill(int rows, int before, boolean hopper) {
        StepCosts step = new StepCosts(new ArrayList<>());
        step.add(KernelCosts.lookUp(rows, HIDDEN));
        step.add(KernelCosts.norm(rows, HIDDEN, false));
        for (int i = 0; i < LAYERS; i++) {
            step.layer(
                    rows,
                    false,
                    hopper
                            ? KernelCosts.hopperAttention(rows, before, HEADS)
                            : KernelCosts.pagedAttention(rows, before, HEADS));
        }
        step.output(1);
        return step;
    }

    private void layer(int rows, boolean answers, Cost attention) {
        boolean few = rows <= MOST_ROWS;
        if (few) {
            add(KernelCosts.cachedProduct(rows, HIDDEN, HEADS));
        } else if (answers) {
            add(KernelCosts.wideCachedProduct(rows, HIDDEN, HEADS));
        } else {
            add(KernelCosts.libraryProduct(rows, HIDDEN, HEADS.rowWidth(), BF16));
            add(KernelCosts.rotateAndCache(rows, HEADS));
        }
        add(attention);
        add(product(rows, HEADS.queryWidth(), HIDDEN));
        add(KernelCosts.norm(rows, HIDDEN, true));
        if (few) {
            add(KernelCosts.gatedProduct(rows, HIDDEN, INTERMEDIATE));
        } else if (answers) {
            add(KernelCosts.wideGatedProduct(rows, HIDDEN, INTERMEDIATE));
        } else {
            add(KernelCosts.libraryProduct(rows, HIDDEN, 2 * INTERMEDIATE, BF16));
            add(KernelCosts.swiglu(rows, INTERMEDIATE));
        }
        add(product(rows, INTERMEDIATE, HIDDEN));
        add(KernelCosts.norm(rows, HIDDEN, true));
    }

    private void output(int rows) {
        add(product(rows, HIDDEN, VOCABULARY));
    }

    private static Cost product(int rows, int inputs, int outputs) {
        return rows <= MOST_ROWS
                ? KernelCosts.product(rows, inputs, outputs, false, FLOAT)
                : KernelCosts.libraryProduct(rows, inputs, outputs, FLOAT);
    }

    private void add(Cost kernel) {
        kernels.add(kernel);
    }

    Cost total() {
        return kernels.stream().reduce(Cost.NONE, Cost::plus);
    }

    /** Every weight once, every token's keys and values once, and those of the new tokens written. */
    static double leastBytes(int rows, double cachedTokens) {
        double layer =
                (double) HIDDEN * HEADS.rowWidth() + (double) HEADS.queryWidth() * HIDDEN + 3.0 * HIDDEN * INTERMEDIATE;
        double token = 2.0 * HEADS.keyValue() * HEADS.size() * LAYERS;
        return BF16 * (LAYERS * layer + (double) HIDDEN * VOCABULARY + token * (cachedTokens + rows));
    }

    /** Each kernel as fast as memory or arithmetic allows, one after the other. */
    double seconds(Card card) {
        return kernels.stream()
                .mapToDouble(kernel -> Math.max(kernel.bytes() / card.bytesPerSecond(), kernel.flops() / card.flops()))
                .sum();
    }

    /** By its maker's data sheet: memory's bandwidth, dense bf16. */
    record Card(String name, double bytesPerSecond, double flops) {}

    static final List<Card> CARDS = List.of(
            new Card("A100 80GB SXM", 2.039e12, 312e12),
            new Card("H100 SXM", 3.35e12, 989e12),
            new Card("H200 SXM", 4.8e12, 989e12),
            new Card("B200", 8.0e12, 2250e12));
}
