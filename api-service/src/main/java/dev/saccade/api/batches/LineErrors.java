package dev.saccade.api.batches;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import java.util.List;

/** What a batch's error file says of a line that became no job. */
record LineErrors(String code, String message, List<Violation> errors) {

    /** @param below where in the line what was wrong stands: a JSON pointer, or an empty text for the whole line */
    static String of(ProblemException problem, String below) {
        Problem told = problem.problem();
        return json(new LineErrors(
                told.code(),
                told.detail(),
                told.errors().stream()
                        .map(error -> new Violation(below + error.pointer(), error.detail()))
                        .toList()));
    }

    static String of(String code, String pointer, String message) {
        return json(new LineErrors(code, message, List.of(new Violation(pointer, message))));
    }

    private static String json(LineErrors errors) {
        return ApiJson.MAPPER.writeValueAsString(errors);
    }
}
