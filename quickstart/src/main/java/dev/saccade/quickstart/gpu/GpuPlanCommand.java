package dev.saccade.quickstart.gpu;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.DeviceMemoryPlan;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a model would take of a GPU's memory. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Plans a GPU's memory for a model; no GPU is needed. Fails where it doesn't fit.")
final class GpuPlanCommand implements Callable<Integer> {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)\\s*(GB|GIB|MB|MIB)");

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            required = true,
            description = "The GPU's memory, e.g. 80GB or 24GiB.")
    private String memory = "";

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "64",
            description = "Sequences that are decoded together (default: ${DEFAULT-VALUE}).")
    private int slots = 64;

    @Option(
            names = "--kv-tokens",
            paramLabel = "N",
            defaultValue = "262144",
            description = "Tokens that the KV cache holds; 0 takes what is left (default: ${DEFAULT-VALUE}).")
    private int kvTokens = 262_144;

    @Override
    public Integer call() {
        long bytes = bytes(memory);
        EngineOptions options;
        try {
            options = EngineOptions.DEFAULT.toBuilder()
                    .maxSequences(slots)
                    .kvCacheTokens(kvTokens)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
        try (Checkpoint checkpoint = Checkpoint.open(model.folder())) {
            DeviceMemoryPlan plan =
                    DeviceMemoryPlan.of(checkpoint.config(), options).within(bytes);
            System.out.print(plan.table(bytes));
            return plan.fits(bytes) ? 0 : 2;
        }
    }

    private static long bytes(String size) {
        Matcher matcher = SIZE.matcher(size.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new UserError("--memory: " + size + "; give e.g. 80GB or 24GiB");
        }
        double unit = switch (matcher.group(2)) {
            case "GB" -> 1e9;
            case "GIB" -> 1L << 30;
            case "MB" -> 1e6;
            default -> 1L << 20;
        };
        return (long) (Double.parseDouble(matcher.group(1)) * unit);
    }
}
