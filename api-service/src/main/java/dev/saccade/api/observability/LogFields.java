package dev.saccade.api.observability;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Puts tenant and job of a request into every line that is logged while it is served. */
final class LogFields implements HandlerInterceptor {

    private static final String TENANT = "tenant";
    private static final String JOB = "job";

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getAttribute(AccessFilter.CALLER) instanceof Caller caller) {
            MDC.put(TENANT, caller.tenantId().toString());
        }
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                && variables.get("id") instanceof String id) {
            // only what is an id: anything else is the client's text
            ExternalId.JOB.parse(id).ifPresent(job -> MDC.put(JOB, job.toString()));
        }
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        MDC.remove(TENANT);
        MDC.remove(JOB);
    }
}
