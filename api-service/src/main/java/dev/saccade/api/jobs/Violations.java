package dev.saccade.api.jobs;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with one request, found in one pass so that the client can repair it in one. */
final class Violations {

    private static final int MOST = 20;

    private final List<Violation> found = new ArrayList<>();
    private String code = "";

    /** Notes a wrong place; {@code code} is the problem's where it stays the only one. */
    void add(String code, String pointer, String detail) {
        if (found.size() < MOST) {
            found.add(new Violation(pointer, detail));
            this.code = found.size() == 1 ? code : "invalid-request";
        }
    }

    boolean any() {
        return !found.isEmpty();
    }

    /** Ends the request where anything was noted. */
    void refuse() {
        if (any()) {
            String detail = found.size() == 1
                    ? found.getFirst().detail()
                    : "The job has " + found.size() + " places that can't be taken; see errors.";
            throw new ProblemException(422, code, detail, found);
        }
    }
}
