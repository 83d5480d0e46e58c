package dev.saccade.runtime.schedule;

import java.util.ArrayList;
import java.util.List;

/** What the next step does. Refilled for each step. */
final class StepPlan {

    /** Some more of a prompt's media become visual tokens. */
    record Encoding(SequenceGroup group, int patches) {}

    /**
     * Tokens [from, to) of a sequence go through the model. Beyond the sequence's end stand guesses.
     *
     * @param outputs how many of its last rows give logits
     */
    record Stretch(Sequence sequence, int from, int to, int outputs) {

        int length() {
            return to - from;
        }
    }

    private final List<Encoding> encodings = new ArrayList<>();
    private final List<Stretch> answers = new ArrayList<>();
    private final List<Stretch> prompts = new ArrayList<>();

    void clear() {
        encodings.clear();
        answers.clear();
        prompts.clear();
    }

    /** In the order of urgency. */
    List<Encoding> encodings() {
        return encodings;
    }

    /** Stretches of answers: their newest token, with guesses behind it perhaps, or those that must be read again. */
    List<Stretch> answers() {
        return answers;
    }

    /** Stretches of prompts. */
    List<Stretch> prompts() {
        return prompts;
    }

    /** Nothing can be done before something happens elsewhere. */
    boolean empty() {
        return encodings.isEmpty() && !runsDecoder();
    }

    boolean runsDecoder() {
        return !answers.isEmpty() || !prompts.isEmpty();
    }
}
