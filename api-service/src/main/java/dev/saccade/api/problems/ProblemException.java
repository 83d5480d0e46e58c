package dev.saccade.api.problems;

import dev.saccade.api.problems.Problem.Violation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem document. It is no accident, so it carries no stack trace. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    private ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    public ProblemException(int status, String code, String detail) {
        this(Problem.of(status, code, detail), Map.of());
    }

    public ProblemException(int status, String code, String detail, List<Violation> errors) {
        this(Problem.of(status, code, detail, errors), Map.of());
    }

    /** An id that does not exist, or belongs to another tenant: nobody can tell which. */
    public static ProblemException notFound(String kind) {
        return new ProblemException(
                404, kind + "-not-found", "There is no such " + kind + ". Check the id; it is case-sensitive.");
    }

    /** One wrong place in the body. */
    public static ProblemException invalid(String code, String pointer, String detail) {
        return new ProblemException(422, code, detail, List.of(new Violation(pointer, detail)));
    }

    /** A part of the service is down; the same request succeeds later. */
    public static ProblemException unavailable(String code, String detail) {
        return new ProblemException(503, code, detail).retryAfter(Duration.ofSeconds(5));
    }

    /** The same problem with a {@code Retry-After} header. */
    public ProblemException retryAfter(Duration wait) {
        return header("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
    }

    /** The same problem with one header more. */
    public ProblemException header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ProblemException(problem, more);
    }

    public Problem problem() {
        return problem;
    }

    /** Headers that go with the answer. */
    public Map<String, String> headers() {
        return headers;
    }
}
