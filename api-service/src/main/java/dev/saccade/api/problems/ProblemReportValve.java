package dev.saccade.api.problems;

import dev.saccade.api.json.ApiJson;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces Tomcat's HTML error page, which also answers requests that are too broken to reach the application. */
public final class ProblemReportValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemReportValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        response.setContentType(ProblemWriter.MEDIA_TYPE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        try {
            Writer out = response.getReporter();
            if (out != null) {
                out.write(ApiJson.MAPPER.writeValueAsString(
                        ProblemTranslator.ofStatus(status).problem()));
                response.finishResponse();
            }
        } catch (IOException gone) {
            LOG.debug("The client left before it was answered", gone);
        }
    }
}
