package dev.saccade.quickstart.cli;

import dev.saccade.quickstart.annotate.AnnotateCommand;
import dev.saccade.quickstart.ask.AskCommand;
import dev.saccade.quickstart.bench.BenchCommand;
import dev.saccade.quickstart.bench.MakeCheckpointCommand;
import dev.saccade.quickstart.demo.DemoCommand;
import dev.saccade.quickstart.evaluate.EvaluateCommand;
import dev.saccade.quickstart.gpu.GpuCommand;
import dev.saccade.quickstart.serve.ServeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code saccade} command. Exit codes: 0 done, 1 a defect of ours, 2 something the user can put right. */
@Command(
        name = "saccade",
        mixinStandardHelpOptions = true,
        version = "saccade 0.1.0",
        description = "Answers questions about video with a physical-AI vision-language model.",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            AskCommand.class,
            EvaluateCommand.class,
            AnnotateCommand.class,
            MakeCheckpointCommand.class,
            BenchCommand.class,
            GpuCommand.class
        })
public final class SaccadeCli implements Runnable {

    /** What the engine says is a line as our own are, without time and class. */
    private static final String LINE = "saccade: %5$s%6$s%n";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private SaccadeCli() {}

    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", LINE);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new SaccadeCli())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(SaccadeCli::explainUsage)
                .setExecutionExceptionHandler(new FailureReport());
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    private static int explainUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println("saccade: " + failure.getMessage());
        command.getErr().println("Try: ./saccade " + commandPath(command) + "--help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String commandPath(CommandLine command) {
        return command.getParent() == null ? "" : command.getCommandName() + " ";
    }
}
