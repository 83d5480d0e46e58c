package dev.saccade.runtime.sampling;

import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.TokenLogprobs.Alternative;
import dev.saccade.runtime.device.TokenMeasure;
import dev.saccade.runtime.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Log probabilities of tokens by the model itself: the log-softmax of its logits before bias, penalties, constraint and
 * temperature, as vLLM reports them by default. For one thread, that of its scratch.
 */
final class Logprobs {

    private final Tokenizer tokenizer;
    private final ScoreRow row;
    private final Candidates candidates;

    Logprobs(Tokenizer tokenizer, SamplerScratch scratch) {
        this.tokenizer = tokenizer;
        this.row = scratch.row;
        this.candidates = scratch.candidates;
    }

    /**
     * How likely a token was.
     *
     * @param row of the logits
     * @param top likeliest tokens to list
     */
    TokenLogprobs of(LogitRows logits, int row, int token, int top) {
        TokenMeasure measure = logits.measure(row, token, top);
        return measure == null ? of(logits.row(row), 0, token, top) : named(token, measure);
    }

    private TokenLogprobs named(int token, TokenMeasure measure) {
        List<Alternative> alternatives = new ArrayList<>(measure.likeliest().length);
        for (int i = 0; i < measure.likeliest().length; i++) {
            int id = measure.likeliest()[i];
            alternatives.add(new Alternative(id, text(id), measure.logprobs()[i]));
        }
        return new TokenLogprobs(token, text(token), measure.logprob(), measure.rank(), alternatives);
    }

    /**
     * How likely a token was.
     *
     * @param logits one for each row of the vocabulary, from {@code offset} on; left as they are
     * @param top likeliest tokens to list; of equals the lower id comes first. What is less likely than e^-700 is left out
     */
    TokenLogprobs of(float[] logits, int offset, int token, int top) {
        row.begin(logits, offset);
        row.scan(null);
        double highest = row.highest();
        double logSum = highest + Math.log(row.weigh(highest, 1));
        List<Alternative> alternatives = new ArrayList<>(top);
        if (top > 0) {
            candidates.clear();
            row.gather(row.reachedBy(top), candidates);
            candidates.scale(highest, 1, Double.NEGATIVE_INFINITY);
            candidates.weigh();
            candidates.chooseCount(top);
            for (int i = 0; i < Math.min(top, candidates.chosen()); i++) {
                int id = candidates.chosen(i);
                alternatives.add(new Alternative(id, text(id), logits[offset + id] - logSum));
            }
        }
        float score = logits[offset + token];
        int rank = 1 + RowScan.countAbove(logits, offset, row.size(), score);
        return new TokenLogprobs(token, text(token), score - logSum, rank, alternatives);
    }

    private String text(int token) {
        return new String(tokenizer.bytes(token), StandardCharsets.UTF_8);
    }
}
