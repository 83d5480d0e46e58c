package dev.saccade.quickstart.bench;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.bench.BareProducts;
import dev.saccade.runtime.bench.BenchSettings;
import dev.saccade.runtime.bench.EngineBench;
import dev.saccade.runtime.bench.EngineFigures;
import dev.saccade.runtime.bench.FigureTable;
import dev.saccade.runtime.bench.OneDnnProducts;
import dev.saccade.runtime.checkpoint.random.RandomCheckpoint;
import dev.saccade.runtime.checkpoint.random.Shape;
import dev.saccade.runtime.media.SyntheticClip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Latency and throughput of the engine. */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Time to first token, inter-token latency and tokens/s, on random weights of a shape.")
final class BenchEngineCommand implements Callable<Integer> {

    @Mixin
    private ShapeOptions shape = new ShapeOptions();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Measure this checkpoint; --shape and --layers are then not needed.")
    private @Nullable Path model;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,4,8,16,32",
            description = "Requests that decode together (default: ${DEFAULT-VALUE}).")
    private List<Integer> concurrency = List.of();

    @Option(
            names = "--prompt-tokens",
            paramLabel = "P",
            defaultValue = "64",
            description = "Length of each request's prompt (default: ${DEFAULT-VALUE}).")
    private int promptTokens = 64;

    @Option(
            names = "--output-tokens",
            paramLabel = "O",
            defaultValue = "32",
            description = "Length of each request's answer (default: ${DEFAULT-VALUE}).")
    private int outputTokens = 32;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "8",
            description =
                    "Time for each of the parts, which are repeated; the best counts (default: ${DEFAULT-VALUE}).")
    private double seconds = 8;

    @Option(
            names = "--video",
            paramLabel = "WxHxSECONDS",
            defaultValue = "320x240x4",
            description = "The clip that is looked at (default: ${DEFAULT-VALUE}).")
    private String video = "";

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "CPU",
            description =
                    "What computes (default: cpu). The bandwidth and oneDNN beside the figures are the processor's.")
    private DeviceChoice device = DeviceChoice.CPU;

    @Option(names = "--json", description = "Print the figures as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        EngineFigures figures;
        try (OneDnnProducts bare = OneDnnProducts.open(Runtime.getRuntime().availableProcessors())) {
            figures = EngineBench.run(settings(bare), what -> {
                if (System.console() != null) {
                    System.err.print("\r\033[K" + what);
                }
            });
        }
        if (System.console() != null) {
            System.err.print("\r\033[K");
        }
        System.out.println(json ? Json.pretty(figures) : FigureTable.of(figures));
        return 0;
    }

    private BenchSettings settings(@Nullable BareProducts bare) throws IOException {
        SyntheticClip clip;
        try {
            clip = SyntheticClip.parse(video);
        } catch (IllegalArgumentException e) {
            throw new UserError("--video: " + e.getMessage(), e);
        }
        try {
            return new BenchSettings(
                    name(),
                    folder(),
                    concurrency,
                    promptTokens,
                    outputTokens,
                    seconds,
                    clip,
                    bare,
                    EngineOptions.DEFAULT.toBuilder().device(device).build());
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    private String name() {
        Shape given = shape.given();
        if (given != null) {
            return given.label();
        }
        return model == null || model.getFileName() == null
                ? "model"
                : model.getFileName().toString();
    }

    private Path folder() throws IOException {
        if (model != null) {
            return model;
        }
        RandomCheckpoint checkpoint = shape.checkpoint();
        try (WriteProgress progress = new WriteProgress(checkpoint.weightBytes())) {
            return CachedCheckpoint.folder(checkpoint, shape.shape(), shape.layers(), progress);
        }
    }
}
