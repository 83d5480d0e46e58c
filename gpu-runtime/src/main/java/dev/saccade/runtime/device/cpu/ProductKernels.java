package dev.saccade.runtime.device.cpu;

/** Kernels that multiply rows by large bf16 weights. */
public enum ProductKernels {
    /** The Vector API, float32 products: everywhere. */
    JAVA("Java"),

    /** Rows of prompts by oneDNN, answers in Java: where the processor multiplies bf16, but has no tiles. */
    ONEDNN("oneDNN on the packed weights"),

    /** All rows by {@link AmxKernels}: where the processor has tiles of bf16. */
    AMX("AMX");

    private final String label;

    ProductKernels(String label) {
        this.label = label;
    }

    /** The fastest that this machine has. Opens what it needs. */
    public static ProductKernels best() {
        if (AmxKernels.get() != null) {
            return AMX;
        }
        return OneDnn.get() != null ? ONEDNN : JAVA;
    }

    /** A row has the same bits as an answer's and as a prompt's, however many share the step. */
    public boolean oneForAllRows() {
        return this != ONEDNN;
    }

    /** For people. */
    public String label() {
        return label;
    }
}
