package dev.saccade.runtime;

/** How weights and the KV cache are stored. Sums are float32 in both modes. */
public enum Precision {
    /** Weights as published, two bytes each. */
    BFLOAT16,
    /** Weights and KV cache widened to float32: for comparison with reference values. */
    FLOAT32
}
