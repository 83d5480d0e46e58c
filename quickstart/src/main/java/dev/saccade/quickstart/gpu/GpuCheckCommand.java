package dev.saccade.quickstart.gpu;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.device.cuda.CudaCheck;
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
        CudaCheck.Report report;
        try {
            report = CudaCheck.run(line -> (json ? System.err : System.out).println(line));
        } catch (DeviceException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
        if (json) {
            System.out.println(Json.pretty(report));
        } else {
            System.out.println(
                    report.agrees()
                            ? "All kernels agree with the CPU."
                            : "Some kernels differ from the CPU: NOT above.");
        }
        return report.agrees() ? 0 : 1;
    }
}
