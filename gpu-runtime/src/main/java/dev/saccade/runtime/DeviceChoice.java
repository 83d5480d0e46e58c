package dev.saccade.runtime;

import java.util.Locale;

/** What an engine computes on. */
public enum DeviceChoice {

    /** A GPU where one can be used, else the processor. */
    AUTO,

    /** The processor. */
    CPU,

    /** An NVIDIA GPU, or an error that says what is missing. */
    CUDA;

    /**
     * By name, in small or capital letters.
     *
     * @throws IllegalArgumentException that names the choices
     */
    public static DeviceChoice of(String name) {
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("device: " + name + "; give auto, cpu or cuda", e);
        }
    }
}
