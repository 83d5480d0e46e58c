package dev.saccade.runtime.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the next step does.
 *
 * @param encoding a sequence whose media are encoded a little further
 * @param decoding sequences that write one token each
 * @param prefill stretches of prompts that are read
 */
record StepPlan(@Nullable Sequence encoding, List<Sequence> decoding, List<Stretch> prefill) {

    /** Prompt tokens [from, to) of a sequence. */
    record Stretch(Sequence sequence, int from, int to) {

        int length() {
            return to - from;
        }

        boolean completesPrompt() {
            return to == sequence.prompt().length();
        }
    }

    StepPlan {
        decoding = List.copyOf(decoding);
        prefill = List.copyOf(prefill);
    }

    boolean runsDecoder() {
        return !decoding.isEmpty() || !prefill.isEmpty();
    }
}
