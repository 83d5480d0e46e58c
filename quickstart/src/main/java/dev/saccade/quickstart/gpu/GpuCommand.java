package dev.saccade.quickstart.gpu;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What there is to know about a GPU. */
@Command(
        name = "gpu",
        mixinStandardHelpOptions = true,
        description = "Checks this machine's GPU, or plans the memory of another.",
        subcommands = {GpuCheckCommand.class, GpuPlanCommand.class})
public final class GpuCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
