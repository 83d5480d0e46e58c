package dev.saccade.api.problems;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.ledger.usage.QueueFullException;
import dev.saccade.ledger.usage.QuotaExceeded;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** Turns whatever a request died of into the problem that its client is told. */
public final class ProblemTranslator {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemTranslator.class);

    private ProblemTranslator() {}

    /** Never fails; what nobody foresaw becomes {@code internal-error} and one log entry with an incident number. */
    public static ProblemException translate(Throwable failure) {
        ProblemException carried = carried(failure);
        if (carried != null) {
            return carried;
        }
        return switch (failure) {
            case HttpMessageNotReadableException unreadable -> UnreadableBody.explain(unreadable.getCause());
            case HttpRequestMethodNotSupportedException method -> methodNotAllowed(method);
            case HttpMediaTypeNotSupportedException type ->
                new ProblemException(
                        415,
                        "unsupported-media-type",
                        "This address takes " + mediaTypes(type.getSupportedMediaTypes())
                                + ". Send that and name it in Content-Type.");
            case HttpMediaTypeNotAcceptableException type ->
                new ProblemException(
                        406,
                        "not-acceptable",
                        "This address answers " + mediaTypes(type.getSupportedMediaTypes())
                                + ". Allow it in Accept, or leave that header out.");
            case MissingServletRequestParameterException missing ->
                parameter(missing.getParameterName(), "Give the parameter " + missing.getParameterName() + ".");
            case MethodArgumentTypeMismatchException wrong ->
                parameter(wrong.getName(), "The parameter " + wrong.getName() + " has a wrong type.");
            case InvalidParameterException query ->
                new ProblemException(
                        400,
                        "invalid-parameter",
                        "The query can't be read. Give each parameter as name=value, percent-encoded.");
            case QueueFullException full -> QuotaProblems.queueFull();
            case ErrorResponse error -> ofStatus(error.getStatusCode().value());
            default ->
                QuotaExceeded.in(failure)
                        .map(QuotaProblems::of)
                        .orElseGet(() -> isDatabaseDown(failure) ? databaseDown() : unforeseen(failure));
        };
    }

    /** The problem for a JSON document that could not be read, with pointers into it. */
    public static ProblemException unreadable(JacksonException failure) {
        return UnreadableBody.explain(failure);
    }

    /** The problem for a bare HTTP status, such as one that the servlet container chose. */
    public static ProblemException ofStatus(int status) {
        return switch (status) {
            case 400 ->
                new ProblemException(
                        400, "bad-request", "The request is not well-formed HTTP. Check its address and headers.");
            case 404 ->
                new ProblemException(
                        404, "not-found", "There is nothing at this address. GET /v3/api-docs lists what there is.");
            // Tomcat refuses TRACE before anybody has looked who serves the address
            case 405 ->
                new ProblemException(405, "method-not-allowed", "This address does not answer that method.")
                        .header("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
            case 413 ->
                new ProblemException(413, "body-too-large", "The request's body is too large. Send a smaller one.");
            case 431 -> new ProblemException(431, "headers-too-large", "The request's headers are too large.");
            default ->
                status < 500
                        ? new ProblemException(status, "bad-request", "The request can't be served as it is.")
                        : new ProblemException(status, "internal-error", "The server failed. Try again later.");
        };
    }

    private static @Nullable ProblemException carried(Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current != null && depth < 8; depth++) {
            if (current instanceof ProblemException problem) {
                return problem;
            }
            current = current.getCause();
        }
        return null;
    }

    private static ProblemException methodNotAllowed(HttpRequestMethodNotSupportedException failure) {
        Set<HttpMethod> supported = failure.getSupportedHttpMethods();
        String allowed = supported == null
                ? ""
                : supported.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        ProblemException problem =
                new ProblemException(405, "method-not-allowed", "This address answers " + allowed + " only.");
        return allowed.isEmpty() ? problem : problem.header("Allow", allowed);
    }

    private static String mediaTypes(List<MediaType> types) {
        return types.isEmpty()
                ? "application/json"
                : types.stream().map(MediaType::toString).distinct().collect(Collectors.joining(" or "));
    }

    private static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }

    private static boolean isDatabaseDown(Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current != null && depth < 8; depth++) {
            if (current instanceof SQLException sql && isOutage(String.valueOf(sql.getSQLState()))) {
                return true;
            }
            if (current
                    instanceof
                    org.hibernate.TransactionException) { // no rollback: the connection is gone, and with it the work
                return true;
            }
            current = current.getCause();
        }
        return failure instanceof TransactionException
                || failure instanceof TransientDataAccessException
                || failure instanceof RecoverableDataAccessException
                || failure instanceof NonTransientDataAccessResourceException;
    }

    /** Class 08: connection exceptions; 57P: the server is shutting down or was killed; 53: it lacks resources. */
    private static boolean isOutage(String sqlState) {
        return sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.startsWith("53");
    }

    private static ProblemException databaseDown() {
        LOG.warn("A request was refused because the database does not answer");
        return ProblemException.unavailable(
                "database-unavailable", "The database does not answer. Nothing was changed; try again in a moment.");
    }

    private static ProblemException unforeseen(Throwable failure) {
        String incident = UUID.randomUUID().toString();
        LOG.error("Incident {}", incident, failure);
        return new ProblemException(
                500,
                "internal-error",
                "The server failed. Try again; if it stays so, report incident " + incident + ".");
    }
}
