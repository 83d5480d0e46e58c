package dev.saccade.api.problems;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** Answers with a problem document whatever a controller, or the search for one, died of. */
public final class ProblemResolver implements HandlerExceptionResolver, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemResolver.class);

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        if (response.isCommitted()) {
            // Too late for a document. What a client that left can't be told ends here; else let the container cut the
            // connection, so that the client sees that its answer is short.
            return failure instanceof ProblemException ? new ModelAndView() : null;
        }
        try {
            ProblemWriter.write(response, ProblemTranslator.translate(failure));
        } catch (ClientAbortException gone) {
            LOG.debug("The client left before it was answered");
        } catch (IOException unwritable) {
            LOG.debug("The answer could not be written", unwritable);
        }
        return new ModelAndView();
    }
}
