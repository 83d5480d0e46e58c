package dev.saccade.runtime.sampling;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.text.Detokenizer;
import dev.saccade.runtime.text.StopStrings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer: chooses its tokens, turns them into text, and knows when it is complete. It outlives a preemption: the
 * tokens written so far are read again, and writing goes on where it stopped. Speculation takes one call for each token that
 * is kept, in order. For one thread at a time.
 */
public final class AnswerWriter {

    private final Sampler sampler;
    private final Detokenizer detokenizer;
    private final StopStrings stops;
    private final Logprobs measure;
    private final @Nullable Integer alternatives;
    private final boolean includeStop;
    private final int minTokens;
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprobs> logprobs = new ArrayList<>();
    private int[] tokens = new int[64];
    private int count;
    private boolean complete;

    AnswerWriter(
            SamplingParameters parameters,
            Sampler sampler,
            Detokenizer detokenizer,
            StopStrings stops,
            Logprobs measure) {
        this.sampler = sampler;
        this.detokenizer = detokenizer;
        this.stops = stops;
        this.measure = measure;
        this.alternatives = parameters.logprobs();
        this.includeStop = parameters.includeStop();
        this.minTokens = parameters.minTokens() == null ? 0 : parameters.minTokens();
    }

    /** How the device is to draw the next token, or null where it is no matter of chance. */
    public @Nullable TokenDraw draw(int row) {
        return sampler.draw(row);
    }

    /**
     * Chooses the next token.
     *
     * @param row of the logits that follow what has been written
     * @param drawn by the device, or {@link TokenDraw#UNDRAWN}
     * @return the text that has become final with it, perhaps empty
     * @throws EngineException where no token can be chosen; the answer can't go on then
     */
    public String next(LogitRows logits, int row, int drawn) {
        int token = drawn;
        if (drawn == TokenDraw.UNDRAWN) {
            token = sampler.sample(logits, row);
        } else {
            sampler.take(drawn);
        }
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count++] = token;
        if (alternatives != null) {
            logprobs.add(measure.of(logits, row, token, alternatives));
        }
        if (sampler.ends(token)) {
            complete = true;
            return includeStop ? emit(stops.push(detokenizer.push(token), false)) : "";
        }
        String delta = emit(stops.push(detokenizer.push(token), count > minTokens));
        complete = stops.stopped() || sampler.complete();
        return delta;
    }

    /** Whether the answer has come to its end by itself: nothing more may be written. */
    public boolean complete() {
        return complete;
    }

    /** Ends the answer, complete or not; the text that was held back and is now final. */
    public String finish() {
        return emit(stops.push(detokenizer.finish(), count > minTokens)) + emit(stops.finish());
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
        return Collections.unmodifiableList(logprobs);
    }

    private String emit(String delta) {
        text.append(delta);
        return delta;
    }
}
