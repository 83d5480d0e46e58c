package dev.saccade.ledger.tracing;

import org.jspecify.annotations.Nullable;

/** The trace that the calling thread works for. A service that traces has a bean of this; without one nothing is traced. */
@FunctionalInterface
public interface CurrentTrace {

    /** The header that carries a trace over the broker, as over HTTP. */
    String HEADER = "traceparent";

    /** No trace, ever. */
    CurrentTrace NONE = () -> null;

    /** In W3C form, {@code 00-TRACE-SPAN-FLAGS} of 55 characters; null outside any trace. */
    @Nullable
    String traceparent();
}
