package dev.saccade.quickstart.bench;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.checkpoint.random.RandomCheckpoint;
import dev.saccade.runtime.checkpoint.random.Shape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which weights are made. */
final class ShapeOptions {

    private static final long SEED = 1;

    @Option(
            names = "--shape",
            paramLabel = "demo|0.5b|3b|7b",
            converter = ShapeConverter.class,
            description = "The model whose sizes the weights have.")
    private @Nullable Shape shape;

    @Option(
            names = "--layers",
            paramLabel = "L",
            description = "Keep only the first L decoder layers, and vision blocks in proportion (default: all).")
    private @Nullable Integer layers;

    /** Null where none was given. */
    @Nullable
    Shape given() {
        return shape;
    }

    Shape shape() {
        if (shape == null) {
            throw new UserError("which shape? Give --shape demo, 0.5b, 3b or 7b");
        }
        return shape;
    }

    int layers() {
        return layers == null ? shape().layers() : layers;
    }

    RandomCheckpoint checkpoint() {
        try {
            return new RandomCheckpoint(shape(), layers(), SEED);
        } catch (IllegalArgumentException e) {
            throw new UserError("--layers: " + e.getMessage(), e);
        }
    }
}
