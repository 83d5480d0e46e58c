package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.kv.BlockKey;
import dev.saccade.runtime.kv.BlockTable;
import dev.saccade.runtime.sampling.AnswerWriter;
import dev.saccade.runtime.sampling.LogitRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and one answer to it: its tokens, its blocks, and how many of the tokens have their keys and values in them. The
 * next token can be chosen when all have. A sequence that loses its blocks begins again at its first token and keeps what it
 * has written. Engine thread only.
 */
final class Sequence {

    /** Those who came first come first. */
    static final Comparator<Sequence> ARRIVAL = Comparator.<Sequence>comparingLong(
                    sequence -> sequence.group.ticket().number())
            .thenComparingInt(sequence -> sequence.index);

    /** The most urgent first; who comes last gives way first. */
    static final Comparator<Sequence> URGENCY = Comparator.<Sequence, Priority>comparing(
                    sequence -> sequence.group.priority())
            .thenComparing(ARRIVAL);

    private final SequenceGroup group;
    private final int index;
    private final BlockTable blocks = new BlockTable();
    private final List<BlockKey> answerKeys = new ArrayList<>();
    private final PromptLookup lookup = new PromptLookup();
    private @Nullable AnswerWriter answer; // from the first token on
    private int computed;
    private int adopted;
    private int indexed;
    private @Nullable FinishReason finishReason;
    private @Nullable EngineException failure;

    Sequence(SequenceGroup group, int index) {
        this.group = group;
        this.index = index;
    }

    SequenceGroup group() {
        return group;
    }

    Prompt prompt() {
        return group.prompt();
    }

    BlockTable blocks() {
        return blocks;
    }

    PromptLookup lookup() {
        return lookup;
    }

    // ---- tokens

    /** Tokens of the prompt and of the answer so far. */
    int length() {
        return prompt().length() + written();
    }

    /** Tokens of the answer so far. */
    int written() {
        return answer == null ? 0 : answer.tokens();
    }

    /** A token of the prompt or the answer. */
    int token(int place) {
        int promptLength = prompt().length();
        if (place < promptLength) {
            return prompt().encoded().ids()[place];
        }
        if (answer == null) {
            throw new IndexOutOfBoundsException(place);
        }
        return answer.token(place - promptLength);
    }

    /** Tokens that may still be written. */
    int room() {
        return prompt().maxTokens() - written();
    }

    // ---- what has been computed

    /** Tokens whose keys and values are in the blocks. */
    int computed() {
        return computed;
    }

    void computedTo(int tokens) {
        computed = tokens;
    }

    boolean readsPrompt() {
        return computed < prompt().length();
    }

    /** Only the newest token of the answer has to be computed. */
    boolean decodes() {
        return computed >= prompt().length() && computed == length() - 1;
    }

    /** Visual tokens that have to be read are not encoded yet. */
    boolean awaitsVisuals() {
        return computed < prompt().visualEnd() && !group.visuals().complete();
    }

    /** The blocks now begin with so many tokens that were found in the cache. */
    void adoptedTo(int tokens) {
        adopted += tokens - computed;
        indexed = blocks.size();
        computed = tokens;
    }

    /** Tokens that were found in the cache since the sequence entered the batch. */
    int adopted() {
        return adopted;
    }

    /** Full blocks whose content has been made known. */
    int indexed() {
        return indexed;
    }

    void indexedTo(int count) {
        indexed = count;
    }

    /** Keys of the blocks that the answer has filled so far. */
    List<BlockKey> answerKeys() {
        return answerKeys;
    }

    /** The blocks are gone. */
    void restart() {
        computed = 0;
        adopted = 0;
        indexed = 0;
    }

    /** A sequence for another answer to the same prompt, which has been read. */
    Sequence sibling(int index) {
        Sequence sibling = new Sequence(group, index);
        sibling.computed = computed;
        sibling.indexed = indexed;
        return sibling;
    }

    // ---- the answer

    /** Null before the first token. */
    @Nullable
    AnswerWriter answer() {
        return answer;
    }

    /** Null while the sequence goes on. */
    @Nullable
    FinishReason finishReason() {
        return finishReason;
    }

    /** Why the sequence ended without a result; it is finished then. */
    @Nullable
    EngineException failure() {
        return failure;
    }

    /** How the device is to draw the next token, or null where it is no matter of chance. */
    @Nullable
    TokenDraw draw(int row) {
        return writer().draw(row);
    }

    /**
     * Chooses the next token and ends the sequence where that is the last.
     *
     * @param row of the logits that are this sequence's
     * @param drawn by the device, or {@link TokenDraw#UNDRAWN}
     */
    void next(LogitRows logits, int row, int drawn) {
        AnswerWriter answer = writer();
        try {
            emit(answer.next(logits, row, drawn));
        } catch (EngineException e) { // of this request alone, e.g. logits that are not numbers
            failure = e;
            finishReason = FinishReason.STOP;
            return;
        }
        group.ticket().watch().token();
        if (answer.complete()) {
            finish(FinishReason.STOP);
        } else if (room() == 0) {
            finish(FinishReason.LENGTH);
        }
        group.ticket()
                .listener()
                .onProgress(Phase.DECODE, group.written(), (long) group.samples() * prompt().maxTokens());
    }

    private AnswerWriter writer() {
        if (answer == null) {
            answer = group.writer(index);
        }
        return answer;
    }

    /** Ends the sequence; text that was held back becomes final. */
    void finish(FinishReason reason) {
        finishReason = reason;
        if (answer != null) {
            emit(answer.finish());
        }
    }

    private void emit(String delta) {
        group.ticket().listener().onText(index, delta);
    }
}
