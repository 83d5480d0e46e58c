package dev.saccade.api.openai;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem;
import dev.saccade.api.problems.ProblemShape;
import dev.saccade.api.problems.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/** Has whatever goes wrong at OpenAI's addresses told in OpenAI's shape, a missing key and too large a body included. */
final class OpenAiShape extends OncePerRequestFilter {

    /** {@code /v1/batches} is ours too: there it depends on the batch. */
    static final String SHARED = "/v1/batches";

    private static final String ASKED = "dev.saccade.api.openai.asked";

    /** The request has turned out to be one of OpenAI's. */
    static void apply(HttpServletRequest request) {
        request.setAttribute(ASKED, true);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Answer(request, response));
    }

    private static final class Answer extends HttpServletResponseWrapper implements ProblemShape {

        private final HttpServletRequest request;

        Answer(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public Told tell(Problem problem) {
            String path = request.getServletPath();
            boolean own = !path.startsWith(SHARED)
                    || path.startsWith(SHARED + "/" + OpenAiIds.BATCH)
                    || request.getAttribute(ASKED) != null;
            return own
                    ? new Told(
                            OpenAiError.status(problem.status()),
                            MediaType.APPLICATION_JSON_VALUE,
                            ApiJson.MAPPER.writeValueAsBytes(OpenAiError.of(problem)))
                    : new Told(problem.status(), ProblemWriter.MEDIA_TYPE, ApiJson.MAPPER.writeValueAsBytes(problem));
        }
    }
}
