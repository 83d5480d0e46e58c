package dev.saccade.api.problems;

import dev.saccade.api.json.ApiJson;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes problem documents to a response, whatever the client said that it accepts. */
public final class ProblemWriter {

    public static final String MEDIA_TYPE = "application/problem+json";

    private ProblemWriter() {}

    /** Replaces whatever the response held; does nothing where it is already on its way to the client. */
    public static void write(HttpServletResponse response, ProblemException failure) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.reset();
        failure.headers().forEach(response::setHeader);
        write(response, failure.problem());
    }

    private static ProblemShape.Told told(ServletResponse response, Problem problem) {
        ServletResponse layer = response;
        while (layer instanceof ServletResponseWrapper wrapper && !(layer instanceof ProblemShape)) {
            layer = wrapper.getResponse();
        }
        return layer instanceof ProblemShape shape
                ? shape.tell(problem)
                : new ProblemShape.Told(problem.status(), MEDIA_TYPE, ApiJson.MAPPER.writeValueAsBytes(problem));
    }

    static void write(HttpServletResponse response, Problem problem) throws IOException {
        var told = told(response, problem);
        response.setStatus(told.status());
        response.setContentType(told.mediaType());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(told.body().length);
        response.getOutputStream().write(told.body());
        response.flushBuffer();
    }
}
