package dev.saccade.api.problems;

import dev.saccade.api.problems.Problem.Violation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says where a JSON body is wrong, in words of our own: a parser's message may quote what the client sent. */
final class UnreadableBody {

    private UnreadableBody() {}

    static ProblemException explain(@Nullable Throwable failure) {
        return switch (failure) {
            case UnrecognizedPropertyException unknown ->
                invalid(unknown, "unknown-field", "There is no such field. Check its spelling, or leave it out.");
            case MismatchedInputException trailing
            when isTrailing(trailing) ->
                new ProblemException(400, "malformed-json", "The body goes on after its JSON object. Send one object.");
            case MismatchedInputException mismatch -> invalid(mismatch, "invalid-field", expectation(mismatch));
            case InputCoercionException number ->
                invalid(number, "invalid-field", "The number is out of its type's range.");
            case StreamReadException syntax -> malformed(syntax);
            case DatabindException other -> invalid(other, "invalid-field", "The value does not fit here.");
            case null, default ->
                new ProblemException(400, "malformed-json", "The body is empty or can't be read. Send a JSON object.");
        };
    }

    private static ProblemException invalid(JacksonException failure, String code, String detail) {
        return new ProblemException(
                422,
                code,
                "The body has a field that can't be taken.",
                List.of(new Violation(pointer(failure), detail)));
    }

    /** Jackson has no type of its own for this; the message's start is its constant. */
    private static boolean isTrailing(MismatchedInputException failure) {
        return failure.getPath().isEmpty() && failure.getOriginalMessage().startsWith("Trailing token");
    }

    private static ProblemException malformed(StreamReadException failure) {
        TokenStreamLocation at = failure.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        if (failure.getOriginalMessage().startsWith("Duplicate")) {
            return new ProblemException(
                    400, "malformed-json", "The JSON repeats a field" + where + ". Give each field once.");
        }
        return new ProblemException(
                400,
                "malformed-json",
                "The body is no valid JSON" + where + ". NaN and Infinity are no JSON numbers either.");
    }

    private static String pointer(JacksonException failure) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : failure.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/')
                    .append(
                            name == null
                                    ? Integer.toString(step.getIndex())
                                    : name.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }

    private static String expectation(MismatchedInputException failure) {
        Class<?> target = failure.getTargetType();
        if (target == null) {
            return "The value has a wrong type.";
        }
        if (target.isEnum()) {
            return "Give one of " + choices(target) + ".";
        }
        return "Give " + name(target) + ".";
    }

    private static String choices(Class<?> target) {
        StringBuilder choices = new StringBuilder();
        for (Object constant : target.getEnumConstants()) {
            choices.append(choices.isEmpty() ? "" : ", ")
                    .append(constant.toString().toLowerCase(Locale.ROOT));
        }
        return choices.toString();
    }

    private static String name(Class<?> target) {
        if (target == String.class) {
            return "a text";
        }
        if (target == Boolean.class || target == boolean.class) {
            return "true or false";
        }
        if (target == Integer.class || target == Long.class || target == int.class || target == long.class) {
            return "a whole number within its type's range";
        }
        if (Number.class.isAssignableFrom(target) || target == double.class) {
            return "a number";
        }
        if (target == java.time.Instant.class) {
            return "a time as in RFC 3339, such as 2026-11-22T18:00:00Z";
        }
        if (java.util.Collection.class.isAssignableFrom(target)) {
            return "a list";
        }
        return "an object";
    }
}
