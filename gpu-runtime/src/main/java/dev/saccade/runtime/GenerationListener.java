package dev.saccade.runtime;

/** Hears how a generation goes on. Calls come from the engine's own threads and must return at once. */
public interface GenerationListener {

    /** A listener that ignores everything. */
    GenerationListener NONE = new GenerationListener() {};

    /** A stage of the work. */
    enum Phase {
        /** Clips are decoded and resized; counted in media items. */
        MEDIA,
        /** Frames become visual tokens; counted in visual tokens. */
        VISION,
        /** The prompt is read; counted in tokens. */
        PREFILL,
        /** The answer is written; counted in tokens of at most {@code maxTokens}. */
        DECODE
    }

    /** {@code done} of {@code total} units of a phase are finished. */
    default void onProgress(Phase phase, long done, long total) {}

    /** Text of the first completion that has become final, never a half character or the start of a stop string. */
    default void onText(String delta) {}

    /** The same for each completion of a request for several, counted from 0. */
    default void onText(int completion, String delta) {
        if (completion == 0) {
            onText(delta);
        }
    }
}
