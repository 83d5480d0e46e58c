package dev.saccade.quickstart.gpu;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.bench.GpuFigures;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Every kernel against the CPU, on the real card. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Runs every kernel on the GPU and on the CPU with the same inputs, fails on any difference, and times"
                        + " them as a share of what the card does at best. Takes about a minute.")
final class GpuCheckCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print the report as one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        GpuFigures figures;
        try {
            figures = GpuFigures.measure(line -> (json ? System.err : System.out).println(line));
        } catch (DeviceException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
        if (json) {
            System.out.println(Json.pretty(figures));
        } else {
            System.out.println(
                    figures.agree()
                            ? "All kernels agree with the CPU."
                            : "Some kernels differ from the CPU: NOT above.");
        }
        return figures.agree() ? 0 : 1;
    }
}
