package dev.saccade.worker;

import dev.saccade.runtime.EngineException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/** Says without a stack trace that the worker could not start because of its model folder, or of the device that is to run it. */
final class UnusableModelReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(UnusableModelReporter.class);

    /** Spring Boot asks for this constructor. */
    UnusableModelReporter(@Nullable ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        var found = engineException(failure);
        found.ifPresent(problem -> LOG.error("The model can't be run: {}", problem.getMessage()));
        return found.isPresent();
    }

    static Optional<EngineException> engineException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EngineException problem) {
                return Optional.of(problem);
            }
        }
        return Optional.empty();
    }
}
