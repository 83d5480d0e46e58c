package dev.saccade.starter;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** No engine could be made of the application's properties; the message and {@link #action} are sentences for its developer. */
public final class UnusableEngineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String SET_MODEL = "Set saccade.model to the folder of a checkpoint as it is published"
            + " (config.json, model*.safetensors, tokenizer.json, ...)";

    private final String action;

    private UnusableEngineException(String message, String action, @Nullable EngineException cause) {
        super(message, cause);
        this.action = action;
    }

    static UnusableEngineException noModel() {
        return new UnusableEngineException(
                "No model was given: saccade.model is not set.",
                SET_MODEL + ", or define a bean of type dev.saccade.runtime.Engine yourself.",
                null);
    }

    static UnusableEngineException of(Path model, EngineException problem) {
        String message = "The model in " + model.toAbsolutePath() + " can't be run: " + problem.getMessage();
        return new UnusableEngineException(message, action(problem), problem);
    }

    private static String action(EngineException problem) {
        if (problem.code().equals(DeviceException.NO_VECTOR_API)) {
            return "Start the JVM with --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow (spring-boot-maven-plugin: <jvmArguments>).";
        }
        return problem instanceof DeviceException
                ? "Choose another saccade.device, or less memory by saccade.kv-cache-tokens and saccade.max-sequences."
                : SET_MODEL + ".";
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
