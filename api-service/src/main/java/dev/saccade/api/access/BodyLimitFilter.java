package dev.saccade.api.access;

import dev.saccade.api.problems.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds every body but those that bound themselves while they stream: uploads, lines of batches, and what may hold data URLs. */
public final class BodyLimitFilter extends OncePerRequestFilter {

    /** Addresses that don't take these answer 415 without reading. */
    private static final List<String> STREAMED = List.of(
            "multipart/form-data", "application/offset+octet-stream", "application/jsonl", "application/x-ndjson");

    private static final Set<String> BOUND_THEMSELVES = Set.of("/v1/chat/completions", "/v1/responses");

    private final long maxBytes;

    public BodyLimitFilter(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        boolean streamed = type != null && STREAMED.stream().anyMatch(type.toLowerCase(Locale.ROOT)::startsWith);
        if (streamed || BOUND_THEMSELVES.contains(request.getServletPath())) {
            chain.doFilter(request, response);
            return;
        }
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge();
        }
        chain.doFilter(new Bounded(request), response);
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                413, "body-too-large", "The body is larger than the limit of " + maxBytes + " bytes. Shorten it.");
    }

    /** A request whose body ends with a problem where it passes the limit: chunked bodies tell no length before. */
    private final class Bounded extends HttpServletRequestWrapper {

        private @Nullable ServletInputStream body;

        Bounded(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new Counted(super.getInputStream());
            }
            return body;
        }
    }

    private final class Counted extends ServletInputStream {

        private final ServletInputStream body;
        private long bytes;

        Counted(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int read = body.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = body.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int more) {
            bytes += more;
            if (bytes > maxBytes) {
                throw tooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
