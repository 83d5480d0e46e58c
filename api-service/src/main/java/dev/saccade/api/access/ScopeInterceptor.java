package dev.saccade.api.access;

import dev.saccade.api.access.EndpointScopes.Needs;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Lets a request reach a controller only with the scope that {@link EndpointScopes} asks for. */
public final class ScopeInterceptor implements HandlerInterceptor {

    /** Spring's own answer to OPTIONS: which methods an address has. It touches nothing. */
    private static final String OPTIONS_HANDLER = "HttpOptionsHandler";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getSimpleName().equals(OPTIONS_HANDLER)) {
            return true;
        }
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var needs = EndpointScopes.of(request.getMethod(), String.valueOf(pattern))
                .orElseThrow(() -> new ProblemException(
                        403, "endpoint-closed", "This address is closed. GET /v3/api-docs lists what there is."));
        switch (needs) {
            case Needs.Nothing nothing -> {}
            case Needs.OneScope one -> require(request, one.scope());
        }
        return true;
    }

    /**
     * For what only some requests to an address need.
     *
     * @throws ProblemException where the caller lacks the scope
     */
    public static void require(Caller caller, Scope scope) {
        if (!caller.scopes().contains(scope)) {
            throw missing(scope);
        }
    }

    private static void require(HttpServletRequest request, Scope scope) {
        if (!(request.getAttribute(AccessFilter.CALLER) instanceof Caller caller)
                || !caller.scopes().contains(scope)) {
            throw missing(scope);
        }
    }

    static ProblemException missing(Scope scope) {
        return new ProblemException(
                        403,
                        "missing-scope",
                        "This needs the scope " + scope.text()
                                + ". Ask an administrator of your tenant for a key that has it.")
                .header(
                        "WWW-Authenticate",
                        "Bearer realm=\"saccade\", error=\"insufficient_scope\", scope=\"" + scope.text() + "\"");
    }
}
