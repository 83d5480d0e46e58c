package dev.saccade.runtime.sampling;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.text.Detokenizer;
import dev.saccade.runtime.text.StopStrings;
import java.util.Arrays;
import java.util.List;

/**
 * Writes one answer: chooses its tokens, turns them into text, and knows when it is complete. It outlives a preemption: the
 * tokens written so far are read again, and writing goes on where it stopped. For one thread at a time.
 */
public final class AnswerWriter {

    private final Sampler sampler;
    private final Detokenizer detokenizer;
    private final StopStrings stops;
    private final StringBuilder text = new StringBuilder();
    private int[] tokens = new int[64];
    private int count;
    private boolean complete;

    AnswerWriter(Sampler sampler, Detokenizer detokenizer, StopStrings stops) {
        this.sampler = sampler;
        this.detokenizer = detokenizer;
        this.stops = stops;
    }

    /**
     * Chooses the next token.
     *
     * @param logits one for each row of the vocabulary, from {@code offset} on; unchanged afterwards
     * @return the text that has become final with it, perhaps empty
     * @throws DeviceException where no logit is a finite number
     */
    public String next(float[] logits, int offset) {
        int token = sampler.sample(logits, offset);
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count++] = token;
        if (sampler.ends(token)) {
            complete = true;
            return "";
        }
        String delta = emit(stops.push(detokenizer.push(token)));
        complete = stops.stopped();
        return delta;
    }

    /** Whether the answer has come to its end by itself: nothing more may be written. */
    public boolean complete() {
        return complete;
    }

    /** Ends the answer, complete or not; the text that was held back and is now final. */
    public String finish() {
        return emit(stops.push(detokenizer.finish())) + emit(stops.finish());
    }

    /** The text that is final so far. */
    public String text() {
        return text.toString();
    }

    /** Tokens written, the one that ended the answer included. */
    public int tokens() {
        return count;
    }

    /** A token by its place in the answer. */
    public int token(int index) {
        return tokens[index];
    }

    /** One for each token, where the request asks for them. */
    public List<TokenLogprobs> logprobs() {
        return List.of();
    }

    private String emit(String delta) {
        text.append(delta);
        return delta;
    }
}
