package dev.saccade.runtime.bench;

import dev.saccade.runtime.Precision;

/** How long a matrix product takes where nothing else is done: the limit for prefill and for the vision tower. */
public interface BareProducts {

    /**
     * Seconds for (rows, inputs) times the transpose of (outputs, inputs), with as many threads as the engine computes with:
     * the best of all calls so far.
     */
    double seconds(Precision precision, int rows, int outputs, int inputs);
}
