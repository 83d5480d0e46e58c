package dev.saccade.quickstart.bench;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.runtime.checkpoint.random.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes random weights of a shape in the published format. */
@Command(
        name = "make-checkpoint",
        mixinStandardHelpOptions = true,
        description = "Writes random weights of a shape in the published format, to measure engines on the same files.")
public final class MakeCheckpointCommand implements Callable<Integer> {

    @Mixin
    private ShapeOptions shape = new ShapeOptions();

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "Qwen2.5-VL's own tokenizer.json, for programs that recognise it (default: made up).")
    private @Nullable Path tokenizer;

    @Parameters(paramLabel = "DIR", description = "The folder to make; must not exist, or be empty.")
    private Path folder = Path.of("");

    @Override
    public Integer call() throws IOException {
        RandomCheckpoint checkpoint = shape.checkpoint();
        long started = System.nanoTime();
        try (WriteProgress progress = new WriteProgress(checkpoint.weightBytes())) {
            checkpoint.write(folder, ModelOptions.demoModel(), tokenizer, progress);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: shape %s, %d layers, %.2f GB of random weights in %.1f s%n",
                folder,
                shape.shape().label(),
                shape.layers(),
                checkpoint.weightBytes() / 1e9,
                (System.nanoTime() - started) / 1e9);
        return 0;
    }
}
