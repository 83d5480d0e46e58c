package dev.saccade.runtime.sampling;

import dev.saccade.runtime.TokenLogprobs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How likely the model found the tokens of one prompt, all but the first. For the thread of its samplers. */
public final class PromptLogprobs {

    private final Logprobs measure;
    private final int top;
    private final int[] prompt;
    private final List<TokenLogprobs> found = new ArrayList<>();

    PromptLogprobs(Logprobs measure, int top, int[] prompt) {
        this.measure = measure;
        this.top = top;
        this.prompt = prompt;
    }

    /**
     * Takes the logits of a row. Rows come in order; those of a prompt that is read again after a preemption are ignored.
     *
     * @param row of the logits
     * @param place of the token that the row has read
     */
    public void read(LogitRows logits, int row, int place) {
        if (place == found.size() && place + 1 < prompt.length) {
            found.add(measure.of(logits, row, prompt[place + 1], top));
        }
    }

    /** One for each token that has been predicted so far, beginning with the second. */
    public List<TokenLogprobs> found() {
        return Collections.unmodifiableList(found);
    }
}
