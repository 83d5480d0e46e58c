package dev.saccade.api.idempotency;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Has the body hashed where an idempotency key was sent with it. */
final class BodyDigestFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean keyed = request.getMethod().equals("POST") && request.getHeader(Idempotency.KEY) != null;
        chain.doFilter(keyed ? new BodyDigest(request) : request, response);
    }
}
