package dev.saccade.runtime.prompts;

import java.util.List;
import java.util.stream.Collectors;

/** A definition or arguments that can't be used, with everything that is wrong with them. */
public final class PromptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<PromptProblem> problems;

    PromptException(List<PromptProblem> problems) {
        super(problems.stream()
                .map(problem ->
                        problem.pointer().isEmpty() ? problem.detail() : problem.pointer() + ": " + problem.detail())
                .collect(Collectors.joining(" ")));
        this.problems = List.copyOf(problems);
    }

    /** At least one. */
    public List<PromptProblem> problems() {
        return problems;
    }
}
