package dev.saccade.api.access;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemWriter;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UrlPathHelper;

/**
 * Lets through only requests that carry a valid API key, beside a handful of addresses that are open to all.
 *
 * <p>What is open is compared with the request's address as it was sent, byte for byte: an encoded, doubled, dotted or
 * parameterised form of an open address needs a key like every other address.
 */
public final class AccessFilter extends OncePerRequestFilter {

    /** Request attribute that holds the {@link Caller} of a request that was let through with a key. */
    public static final String CALLER = "dev.saccade.api.caller";

    private static final Set<String> OPEN =
            Set.of("/actuator/health/liveness", "/actuator/health/readiness", "/v3/api-docs", "/v3/api-docs.yaml");
    private static final String SCHEME = "bearer ";
    private static final int LONGEST_HEADER = 8_192;

    private static final String KEY_PREFIX = "sk_";

    private final Supplier<KnownKeys> keys;
    private final Supplier<AccessTokens> tokens;
    private final Supplier<RequestLimits> limits;

    /** All are asked with each request: filters are made before the database can be used. */
    AccessFilter(Supplier<KnownKeys> keys, Supplier<AccessTokens> tokens, Supplier<RequestLimits> limits) {
        this.keys = keys;
        this.tokens = tokens;
        this.limits = limits;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isOpen(request)) {
            chain.doFilter(request, response);
            return;
        }
        if (QueryKeys.in(request.getQueryString())) {
            ProblemWriter.write(response, QueryKeys.refusal());
            return;
        }
        Optional<Caller> caller = presentedKey(request).flatMap(this::authenticate);
        if (caller.isEmpty()) {
            ProblemWriter.write(response, refusal(request));
            return;
        }
        if (isManagement(request) && !caller.get().scopes().contains(Scope.OPERATIONS_MANAGE)) {
            ProblemWriter.write(response, ScopeInterceptor.missing(Scope.OPERATIONS_MANAGE));
            return;
        }
        limits.get().admit(caller.get(), response);
        request.setAttribute(CALLER, caller.get());
        chain.doFilter(request, response);
    }

    private Optional<Caller> authenticate(String presented) {
        return presented.startsWith(KEY_PREFIX) || !tokens.get().enabled()
                ? keys.get().authenticate(presented)
                : tokens.get().authenticate(presented);
    }

    private static boolean isOpen(HttpServletRequest request) {
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return reads && request.getContextPath().isEmpty() && OPEN.contains(request.getRequestURI());
    }

    /** Also in an encoded form: Spring routes by the decoded path. */
    private static boolean isManagement(HttpServletRequest request) {
        return UrlPathHelper.defaultInstance
                .getPathWithinApplication(request)
                .toLowerCase(Locale.ROOT)
                .contains("/actuator");
    }

    /** The key of the one Authorization header; empty where there is none, several, or another scheme. */
    private static Optional<String> presentedKey(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.size() != 1) {
            return Optional.empty();
        }
        String header = headers.getFirst();
        if (header.length() > LONGEST_HEADER || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        return Optional.of(header.substring(SCHEME.length()).strip()).filter(key -> !key.isEmpty());
    }

    private ProblemException refusal(HttpServletRequest request) {
        boolean given = request.getHeader("Authorization") != null;
        if (tokens.get().enabled()
                && presentedKey(request)
                        .filter(key -> !key.startsWith(KEY_PREFIX))
                        .isPresent()) {
            return new ProblemException(
                            401,
                            "invalid-token",
                            "This token can't be taken: it needs this service's audience, a signature and tenant known here,"
                                    + " and time left. Get a new one from your issuer.")
                    .header("WWW-Authenticate", "Bearer realm=\"saccade\", error=\"invalid_token\"");
        }
        return given
                ? new ProblemException(401, "invalid-api-key", "This API key is not valid. Check it, or get a new one.")
                        .header("WWW-Authenticate", "Bearer realm=\"saccade\", error=\"invalid_token\"")
                : new ProblemException(
                                401,
                                "missing-api-key",
                                "Send an API key in the header \"Authorization: Bearer sk_...\".")
                        .header("WWW-Authenticate", "Bearer realm=\"saccade\"");
    }
}
