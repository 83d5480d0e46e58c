package dev.saccade.api.problems;

import java.util.List;

/**
 * An RFC 9457 problem document.
 *
 * @param type {@code https://saccade.dev/problems/} and the code
 * @param title the HTTP status in words
 * @param status the HTTP status
 * @param detail a sentence that says what is wrong and what to do
 * @param code a stable name in kebab case
 * @param errors each part of the request that is wrong; empty where the whole request is
 */
public record Problem(String type, String title, int status, String detail, String code, List<Violation> errors) {

    private static final String TYPES = "https://saccade.dev/problems/";

    public Problem {
        errors = List.copyOf(errors);
    }

    public static Problem of(int status, String code, String detail) {
        return of(status, code, detail, List.of());
    }

    public static Problem of(int status, String code, String detail, List<Violation> errors) {
        return new Problem(TYPES + code, StatusTitle.of(status), status, detail, code, errors);
    }

    /**
     * One wrong place in the request's body or parameters.
     *
     * @param pointer JSON pointer (RFC 6901) into the body, or {@code ?name} for a query parameter
     * @param detail a sentence that says what is wrong and what to do
     */
    public record Violation(String pointer, String detail) {}
}
