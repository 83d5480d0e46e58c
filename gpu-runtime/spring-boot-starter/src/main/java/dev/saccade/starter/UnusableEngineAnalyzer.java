package dev.saccade.starter;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has Spring Boot say what is wrong with the model, in place of a stack trace. */
final class UnusableEngineAnalyzer extends AbstractFailureAnalyzer<UnusableEngineException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableEngineException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
    }
}
