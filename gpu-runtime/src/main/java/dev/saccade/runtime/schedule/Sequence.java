package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.kv.BlockTable;
import dev.saccade.runtime.sampling.AnswerWriter;
import org.jspecify.annotations.Nullable;

/** A request in the batch: its blocks, how far it has been read, and what has been written. Engine thread only. */
final class Sequence {

    private final Ticket ticket;
    private final Prompt prompt;
    private final BlockTable blocks;
    private final VisualTokens visuals;
    private final AnswerWriter answer;
    private int read; // prompt tokens whose keys and values are in the cache
    private @Nullable FinishReason finishReason;
    private @Nullable EngineException failure;

    Sequence(Ticket ticket, Prompt prompt, BlockTable blocks, VisualTokens visuals, AnswerWriter answer) {
        this.ticket = ticket;
        this.prompt = prompt;
        this.blocks = blocks;
        this.visuals = visuals;
        this.answer = answer;
    }

    Ticket ticket() {
        return ticket;
    }

    Prompt prompt() {
        return prompt;
    }

    BlockTable blocks() {
        return blocks;
    }

    VisualTokens visuals() {
        return visuals;
    }

    boolean decoding() {
        return read == prompt.length();
    }

    /** Prompt tokens that have been read. */
    int read() {
        return read;
    }

    /** Tokens of the answer so far. */
    int written() {
        return answer.tokens();
    }

    /** The token that the next decoding step reads; it stands at {@link #lastIndex} of the sequence. */
    int lastToken() {
        return answer.token(written() - 1);
    }

    int lastIndex() {
        return prompt.length() + written() - 1;
    }

    /** Rotary position of {@link #lastToken}, on all axes. */
    int lastPosition() {
        return prompt.positions().next() + written() - 1;
    }

    AnswerWriter answer() {
        return answer;
    }

    /** Null while the sequence runs. */
    @Nullable
    FinishReason finishReason() {
        return finishReason;
    }

    /** Why the sequence ended without a result; it is finished then. */
    @Nullable
    EngineException failure() {
        return failure;
    }

    /** The prompt has been read up to here. */
    void readTo(int end) {
        read = end;
        ticket.listener().onProgress(Phase.PREFILL, read, prompt.length());
        if (decoding()) {
            visuals.release();
        }
    }

    /** Chooses the next token and ends the sequence where that is the last. */
    void next(float[] logits) {
        try {
            ticket.listener().onText(answer.next(logits, 0));
        } catch (EngineException e) { // of this sequence alone, e.g. logits that are not numbers
            failure = e;
            finishReason = FinishReason.STOP;
            return;
        }
        ticket.watch().token();
        if (answer.complete()) {
            finish(FinishReason.STOP);
        } else if (written() == prompt.maxTokens()) {
            finish(FinishReason.LENGTH);
        }
        ticket.listener().onProgress(Phase.DECODE, written(), prompt.maxTokens());
    }

    /** Ends the sequence; text that was held back becomes final. */
    void finish(FinishReason reason) {
        finishReason = reason;
        ticket.listener().onText(answer.finish());
    }
}
