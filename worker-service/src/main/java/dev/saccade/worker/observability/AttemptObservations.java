package dev.saccade.worker.observability;

import dev.saccade.ledger.jobs.Lease;
import dev.saccade.ledger.tracing.CurrentTrace;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Attempts as observations named {@code saccade.attempt}: a timer, and a span where tracing is set up, which goes on with the
 * trace that came with the message. What the engine does meanwhile is inside it. Log lines of the attempt carry its job,
 * tenant and number.
 */
public final class AttemptObservations {

    private final ObservationRegistry registry;

    public AttemptObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** The calling thread works on this attempt until it is closed. */
    public Observed begin(Lease lease, @Nullable String traceparent) {
        MDC.put("tenant", lease.tenantId().toString());
        MDC.put("job", lease.jobId().toString());
        MDC.put("attempt", Integer.toString(lease.attempt()));
        var context = new ReceiverContext<Map<String, String>>(Map::get, Kind.CONSUMER);
        context.setCarrier(traceparent == null ? Map.of() : Map.of(CurrentTrace.HEADER, traceparent));
        var observation = Observation.createNotStarted("saccade.attempt", () -> context, registry)
                .contextualName("attempt")
                .highCardinalityKeyValue("saccade.job", lease.jobId().toString())
                .highCardinalityKeyValue("saccade.attempt", Integer.toString(lease.attempt()))
                .start();
        return new Observed(observation, observation.openScope());
    }

    /** An attempt that is being worked on. */
    public static final class Observed implements AutoCloseable {

        private final Observation observation;
        private final Observation.Scope scope;
        private String outcome = "error";

        private Observed(Observation observation, Observation.Scope scope) {
            this.observation = observation;
            this.scope = scope;
        }

        /** One of few words: how it ended. */
        public void outcome(String word) {
            outcome = word;
        }

        @Override
        public void close() {
            scope.close();
            observation.lowCardinalityKeyValue(KeyValue.of("outcome", outcome));
            observation.stop();
            MDC.remove("tenant");
            MDC.remove("job");
            MDC.remove("attempt");
        }
    }
}
