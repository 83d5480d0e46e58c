package dev.saccade.api.problems;

import dev.saccade.api.json.ApiJson;
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

    static void write(HttpServletResponse response, Problem problem) throws IOException {
        byte[] body = ApiJson.MAPPER.writeValueAsBytes(problem);
        response.setStatus(problem.status());
        response.setContentType(MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
