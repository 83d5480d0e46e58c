package dev.saccade.runtime.bench;

/** How long a product of bf16 matrices takes where nothing else is done: the limit for prefill and for the vision tower. */
public interface BareProducts {

    /**
     * Seconds for (rows, inputs) times the transpose of (outputs, inputs), with as many threads as the engine computes with:
     * the best of several.
     */
    double seconds(int rows, int outputs, int inputs);
}
