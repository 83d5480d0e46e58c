package dev.saccade.worker;

import dev.saccade.runtime.ModelException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/** Says in one line, without a stack trace, that the worker could not start because of its model folder. */
final class UnusableModelReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(UnusableModelReporter.class);

    /** Spring Boot asks for this constructor. */
    UnusableModelReporter(@Nullable ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        var model = modelException(failure);
        model.ifPresent(problem -> LOG.error("The model can't be run: {}", problem.getMessage()));
        return model.isPresent();
    }

    static Optional<ModelException> modelException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ModelException model) {
                return Optional.of(model);
            }
        }
        return Optional.empty();
    }
}
