package dev.saccade.api.paging;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The parameters of lists. */
public final class Pages {

    private static final int LARGEST = 100;

    private Pages() {}

    /** @throws ProblemException where it is not 1 to 100 */
    public static void requireLimit(int limit) {
        if (limit < 1 || limit > LARGEST) {
            throw parameter("limit", "Give limit as a number from 1 to " + LARGEST + ".");
        }
    }

    /** @throws ProblemException where it is no id of this kind */
    public static @Nullable UUID cursor(ExternalId kind, @Nullable String after) {
        return after == null
                ? null
                : kind.parse(after)
                        .orElseThrow(() -> parameter("after", "Give after as the next_cursor of the page before."));
    }

    /** A query parameter that can't be taken. */
    public static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }
}
