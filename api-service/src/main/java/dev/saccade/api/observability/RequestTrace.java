package dev.saccade.api.observability;

import dev.saccade.ledger.tracing.CurrentTrace;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** The trace of the request that the thread serves, where tracing is set up. */
final class RequestTrace implements CurrentTrace {

    private final ObjectProvider<Tracer> tracers;

    RequestTrace(ObjectProvider<Tracer> tracers) {
        this.tracers = tracers;
    }

    @Override
    public @Nullable String traceparent() {
        Tracer tracer = tracers.getIfAvailable();
        Span span = tracer == null ? null : tracer.currentSpan();
        return span == null ? null : format(span.context());
    }

    private static @Nullable String format(TraceContext context) {
        boolean complete = context.traceId().length() == 32 && context.spanId().length() == 16;
        String flags = Boolean.TRUE.equals(context.sampled()) ? "01" : "00";
        return complete ? "00-" + context.traceId() + "-" + context.spanId() + "-" + flags : null;
    }
}
