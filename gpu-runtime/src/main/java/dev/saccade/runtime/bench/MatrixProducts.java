package dev.saccade.runtime.bench;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.checkpoint.VisionConfig;
import java.util.List;

/**
 * The matrix products that a pass of rows through a model consists of.
 *
 * @param products each kind once, with how often it occurs
 */
record MatrixProducts(List<Product> products) {

    /** (rows, inputs) times the transpose of (outputs, inputs), {@code times} over. */
    record Product(int rows, int outputs, int inputs, double times) {

        double operations() {
            return 2.0 * rows * outputs * inputs * times;
        }

        double seconds(BareProducts bare, Precision precision) {
            return times * bare.seconds(precision, rows, outputs, inputs);
        }
    }

    /** Patches that the engine encodes in one step. */
    private static final int PATCHES_AT_ONCE = 1024;

    MatrixProducts {
        products = List.copyOf(products);
    }

    /** All decoder layers, without the output projection. */
    static MatrixProducts ofLayers(TextConfig text, int rows) {
        int queries = text.queryHeads() * text.headSize();
        int keysAndValues = 2 * text.keyValueHeads() * text.headSize();
        int layers = text.layers();
        return new MatrixProducts(List.of(
                new Product(rows, queries + keysAndValues, text.hiddenSize(), layers),
                new Product(rows, text.hiddenSize(), queries, layers),
                new Product(rows, 2 * text.intermediateSize(), text.hiddenSize(), layers),
                new Product(rows, text.hiddenSize(), text.intermediateSize(), layers)));
    }

    /** The whole vision tower; as much work as {@code patches} are, in steps of the engine's size. */
    static MatrixProducts ofTower(VisionConfig vision, int patches) {
        int rows = Math.min(patches, PATCHES_AT_ONCE);
        double steps = (double) patches / rows;
        int hidden = vision.hiddenSize();
        int cell = vision.mergeSize() * vision.mergeSize();
        int tokens = Math.max(1, rows / cell);
        double blocks = steps * vision.depth();
        return new MatrixProducts(List.of(
                new Product(rows, hidden, vision.patchValues(), steps),
                new Product(rows, 3 * hidden, hidden, blocks),
                new Product(rows, hidden, hidden, blocks),
                new Product(rows, 2 * vision.intermediateSize(), hidden, blocks),
                new Product(rows, hidden, vision.intermediateSize(), blocks),
                new Product(tokens, cell * hidden, cell * hidden, steps),
                new Product(tokens, vision.outHiddenSize(), cell * hidden, steps)));
    }

    /** Bytes of bf16 weights that a decoding step reads: all layers' matrices and the output projection. */
    static long weightBytesOfAStep(ModelConfig config) {
        TextConfig text = config.text();
        double weights = ofLayers(text, 1).operations() / 2 + (double) text.vocabularySize() * text.hiddenSize();
        return 2 * (long) weights;
    }

    /** Multiplications and additions. */
    double operations() {
        return products.stream().mapToDouble(Product::operations).sum();
    }

    /** What the products take where nothing else is done. */
    double seconds(BareProducts bare, Precision precision) {
        return products.stream()
                .mapToDouble(product -> product.seconds(bare, precision))
                .sum();
    }
}
