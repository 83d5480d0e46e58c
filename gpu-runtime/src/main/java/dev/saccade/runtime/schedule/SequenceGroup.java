package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.sampling.AnswerWriter;
import dev.saccade.runtime.sampling.LogitRows;
import dev.saccade.runtime.sampling.PromptLogprobs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A request whose prompt is ready, with a sequence for each of its answers. At first there is one sequence, which reads the
 * prompt; the others join it when the prompt has been read. Engine thread only.
 */
final class SequenceGroup {

    private final Ticket ticket;
    private final Prompt prompt;
    private final IntFunction<AnswerWriter> writers;
    private final @Nullable PromptLogprobs promptLogprobs;
    private final List<Sequence> sequences = new ArrayList<>();
    private Priority priority;
    private boolean started;
    private boolean forked;
    private boolean spread;
    private int read; // most tokens of the prompt that were ever read
    private int cachedTokens;

    /** A group whose prompt's own probabilities nobody asks for. */
    SequenceGroup(Ticket ticket, Prompt prompt, IntFunction<AnswerWriter> writers) {
        this(ticket, prompt, writers, null);
    }

    /**
     * @param writers makes the writer of an answer by its number
     * @param promptLogprobs measures the prompt's tokens, where that is asked for
     */
    SequenceGroup(
            Ticket ticket, Prompt prompt, IntFunction<AnswerWriter> writers, @Nullable PromptLogprobs promptLogprobs) {
        this.promptLogprobs = promptLogprobs;
        this.ticket = ticket;
        this.prompt = prompt;
        this.writers = writers;
        this.priority = ticket.request().urgency().priority();
        sequences.add(new Sequence(this, 0));
    }

    Ticket ticket() {
        return ticket;
    }

    Prompt prompt() {
        return prompt;
    }

    VisualTokens visuals() {
        return prompt.visuals();
    }

    AnswerWriter writer(int completion) {
        return writers.apply(completion);
    }

    /** One before the prompt has been read, then one for each answer, in their order. */
    List<Sequence> sequences() {
        return sequences;
    }

    Sequence first() {
        return sequences.getFirst();
    }

    int samples() {
        return ticket.sampling().samples();
    }

    Priority priority() {
        return priority;
    }

    /** It was overtaken so often that nobody may overtake it any more. */
    void promote() {
        priority = Priority.INTERACTIVE;
    }

    /** It enters the batch, for the first time or again. */
    void enters() {
        if (!started) {
            started = true;
            ticket.watch().admitted();
        }
    }

    /** Whether it has been in the batch. */
    boolean started() {
        return started;
    }

    /** The prompt has been read up to here, perhaps not for the first time. */
    void readTo(int end) {
        if (end > read) {
            read = end;
            ticket.listener().onProgress(Phase.PREFILL, read, prompt.length());
        }
    }

    /** The prompt has been read for the first time: the sequences of all answers, none of which has a token yet. */
    List<Sequence> fork() {
        forked = true;
        cachedTokens = first().adopted();
        for (int i = 1; i < samples(); i++) {
            sequences.add(first().sibling(i));
        }
        return sequences;
    }

    /** Whether the sequences of all answers are there but have not been given places yet; true once. */
    boolean spread() {
        boolean first = forked && !spread;
        spread = forked;
        return first;
    }

    int cachedTokens() {
        return cachedTokens;
    }

    /** Whether each row of the prompt has to be computed, because its logits are asked for. */
    boolean needsAllRows() {
        return promptLogprobs != null;
    }

    /**
     * Logits of the prompt's rows [from, to), where all of them are needed.
     *
     * @param first of {@code logits} that is theirs
     */
    void measurePrompt(LogitRows logits, int first, int from, int to) {
        if (promptLogprobs != null) {
            for (int place = from; place < to; place++) {
                promptLogprobs.read(logits, first + place - from, place);
            }
        }
    }

    /** One for each token of the prompt but the first, where they are asked for. */
    List<TokenLogprobs> promptLogprobs() {
        return promptLogprobs == null ? List.of() : promptLogprobs.found();
    }

    /** Tokens written, of all answers. */
    int written() {
        int written = 0;
        for (Sequence sequence : sequences) {
            written += sequence.written();
        }
        return written;
    }

    /** Why one of the sequences, and so the request, has no result. */
    @Nullable
    EngineException failure() {
        for (Sequence sequence : sequences) {
            if (sequence.failure() != null) {
                return sequence.failure();
            }
        }
        return null;
    }

    boolean finished() {
        for (Sequence sequence : sequences) {
            if (sequence.finishReason() == null) {
                return false;
            }
        }
        return true;
    }

    /** Ends the answers that aren't finished. */
    void finish(FinishReason reason) {
        for (Sequence sequence : sequences) {
            if (sequence.finishReason() == null) {
                sequence.finish(reason);
            }
        }
    }
}
