package dev.saccade.quickstart.bench;

import dev.saccade.quickstart.bench.platform.BenchPlatformCommand;
import dev.saccade.quickstart.bench.scaling.BenchScalingCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be measured. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures, with each figure beside its limit on this machine.",
        subcommands = {
            BenchEngineCommand.class,
            BenchKernelsCommand.class,
            BenchPlatformCommand.class,
            BenchScalingCommand.class
        })
public final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
