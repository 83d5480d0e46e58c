package dev.saccade.runtime.constrain;

import dev.saccade.runtime.StructuredOutput;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The constraints that were used last, up to a number of bytes. A constraint that is dropped lives on in its sequences. */
final class ConstraintCache {

    private final long maxBytes;
    private final Map<StructuredOutput, Constraint> constraints = new LinkedHashMap<>(32, 0.75f, true);

    ConstraintCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized @Nullable Constraint get(StructuredOutput output) {
        return constraints.get(output);
    }

    /** Adds a constraint; masks grow later, so all are weighed anew. */
    synchronized void put(StructuredOutput output, Constraint constraint) {
        constraints.put(output, constraint);
        long bytes = constraints.values().stream().mapToLong(Constraint::bytes).sum();
        Iterator<Constraint> eldest = constraints.values().iterator();
        while (bytes > maxBytes && constraints.size() > 1) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    synchronized int size() {
        return constraints.size();
    }
}
