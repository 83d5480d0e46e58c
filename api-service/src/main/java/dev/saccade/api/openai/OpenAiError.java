package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.saccade.api.problems.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A problem in the shape that OpenAI's clients read. */
@Schema(name = "OpenAiError")
record OpenAiError(Detail error) {

    private static final Pattern INDEX = Pattern.compile("/(\\d+)");
    private static final Map<String, String> CODES = Map.of("rate-limited", "rate_limit_exceeded");

    @Schema(name = "OpenAiErrorDetail")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Detail(
            String message,
            String type,

            @Schema(description = "The field that is wrong, such as messages[0].content[1]") @Nullable
            String param,

            String code) {}

    static OpenAiError of(Problem problem) {
        String message = problem.errors().stream()
                .filter(error -> !error.detail().equals(problem.detail()))
                .map(error -> name(error.pointer()).isEmpty()
                        ? error.detail()
                        : name(error.pointer()) + ": " + error.detail())
                .collect(Collectors.joining(" ", problem.detail() + " ", ""))
                .strip();
        String param = problem.errors().isEmpty()
                ? ""
                : name(problem.errors().getFirst().pointer());
        return of(problem.status(), problem.code(), message, param.isEmpty() ? null : param);
    }

    static OpenAiError of(int status, String code, String message, @Nullable String param) {
        return new OpenAiError(
                new Detail(message, type(status), param, CODES.getOrDefault(code, code.replace('-', '_'))));
    }

    /** These clients know 400 where the API has 422. */
    static int status(int status) {
        return status == 422 ? 400 : status;
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    /** The field's name in OpenAI's body for a pointer into a job's submission, or into the body itself. */
    private static String name(String pointer) {
        String own = pointer.replaceFirst("^\\?", "/")
                .replaceFirst("^/sampling/structured_outputs.*", "/response_format")
                .replaceFirst("^/sampling/", "/")
                .replaceFirst("^/vision", "/mm_processor_kwargs");
        return INDEX.matcher(own).replaceAll("[$1]").replaceFirst("^/", "").replace('/', '.');
    }
}
