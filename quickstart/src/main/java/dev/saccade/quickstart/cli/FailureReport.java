package dev.saccade.quickstart.cli;

import dev.saccade.runtime.EngineException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns a failed command into one line and an exit code. A defect of ours keeps its stack trace behind a switch. */
final class FailureReport implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        switch (cause) {
            case UserError error -> err.println("saccade: " + error.getMessage());
            case EngineException error -> err.println("saccade: " + error.getMessage());
            case FileSystemException error ->
                err.println("saccade: " + error.getFile() + " can't be used: " + reason(error));
            case IOException error -> err.println("saccade: input or output failed: " + error.getMessage());
            default -> {
                err.println("saccade: a defect in Saccade itself: "
                        + cause.getClass().getSimpleName()
                        + "; run again with SACCADE_JAVA_OPTIONS=-Dsaccade.trace=true and report what it prints");
                if (Boolean.getBoolean("saccade.trace")) {
                    cause.printStackTrace(err);
                }
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
        return CommandLine.ExitCode.USAGE;
    }

    private static String reason(FileSystemException failure) {
        return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
    }
}
