package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.kv.BlockPool;
import dev.saccade.runtime.schedule.StepPlan.Encoding;
import dev.saccade.runtime.schedule.StepPlan.Stretch;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what the next step does: one token of every sequence that decodes, and guesses behind it where few decode; some more
 * of those that read, and some more frames, each within the step's budget.
 */
final class Scheduler {

    private static final int BLOCK = KeyValueCache.BLOCK_TOKENS;

    /** Copies a block's keys and values in all layers. */
    interface BlockCopy {
        void copy(int source, int target);
    }

    private final BlockPool pool;
    private final StepBudget budget;
    private final int maxSequences;
    private final int mostGuesses;
    private final BlockCopy blockCopy;
    private final Counters counters;
    private final WaitingQueue waiting = new WaitingQueue();
    private final Batch batch;
    private final Prefixes prefixes;
    private final Admission admission;
    private final Shares reading = new Shares();
    private final Shares encoding = new Shares();
    private final List<SequenceGroup> encoders = new ArrayList<>(); // by their places in the shares
    private final StepPlan plan = new StepPlan();
    private int logitRows; // of prompts, in this step

    Scheduler(BlockPool pool, StepBudget budget, EngineOptions options, BlockCopy blockCopy, Counters counters) {
        this.pool = pool;
        this.budget = budget;
        this.maxSequences = options.maxSequences();
        this.mostGuesses = options.speculativeTokens();
        this.blockCopy = blockCopy;
        this.counters = counters;
        this.batch = new Batch(pool, waiting, counters);
        this.prefixes = new Prefixes(pool, options);
        this.admission = new Admission(pool, batch, waiting, prefixes, maxSequences);
    }

    void add(SequenceGroup group) {
        waiting.add(group.first());
    }

    /** Takes out all sequences of a request; their blocks are free at once. */
    void remove(SequenceGroup group) {
        for (Sequence sequence : group.sequences()) {
            waiting.remove(sequence);
            batch.leave(sequence);
        }
    }

    boolean idle() {
        return batch.size() == 0 && waiting.size() == 0;
    }

    /** Somebody in the batch waits for pixels that are still being decoded. */
    boolean awaitsPixels() {
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).awaitsVisuals()) {
                return true;
            }
        }
        return false;
    }

    WaitingQueue waiting() {
        return waiting;
    }

    Batch batch() {
        return batch;
    }

    /** The next step; valid until the next call. */
    StepPlan plan() {
        admission.admit();
        plan.clear();
        logitRows = 0;
        int decoding = shareOut();
        for (int i = 0; i < encoders.size(); i++) {
            encode(encoders.get(i), encoding.of(i));
        }
        int readers = 0;
        for (int i = 0; i < batch.size(); i++) { // grows shorter at its end where sequences give way
            Sequence sequence = batch.get(i);
            if (sequence.awaitsVisuals()) {
                continue;
            }
            if (sequence.decodes()) {
                decode(sequence, decoding);
            } else {
                read(sequence, reading.of(readers++));
            }
        }
        return plan;
    }

    /** Divides the budgets among those who want of them; the number of sequences that decode. */
    private int shareOut() {
        prefixes.beginStep();
        reading.clear();
        encoding.clear();
        encoders.clear();
        int decoding = 0;
        for (int i = 0; i < batch.size(); i++) {
            Sequence sequence = batch.get(i);
            if (!sequence.decodes()) {
                prefixes.adopt(sequence);
            }
            if (sequence.awaitsVisuals()) {
                wantEncoding(sequence.group());
            } else if (sequence.decodes()) {
                decoding++;
            } else {
                reading.want(rowsToRead(sequence));
            }
        }
        reading.divide(budget.readTokens());
        encoding.divide(budget.patches());
        return decoding;
    }

    private int rowsToRead(Sequence sequence) {
        if (prefixes.isReadByAnother(sequence)) {
            return 0;
        }
        int rows = endOfReading(sequence) - sequence.computed();
        return givesAllRows(sequence) ? Math.min(rows, budget.promptLogitRows()) : rows;
    }

    private static boolean givesAllRows(Sequence sequence) {
        return sequence.readsPrompt() && sequence.group().needsAllRows();
    }

    /** Prompt and answer are read by different kernels: a stretch does not reach from one into the other. */
    private static int endOfReading(Sequence sequence) {
        return sequence.readsPrompt() ? sequence.prompt().length() : sequence.length();
    }

    /** Clips whose pixels are still being decoded have to wait; answers to the same prompt count once. */
    private void wantEncoding(SequenceGroup group) {
        int patches = group.visuals().patchesLeft();
        if (patches > 0 && !encoders.contains(group)) {
            encoders.add(group);
            encoding.want(patches);
        }
    }

    private void encode(SequenceGroup group, int patches) {
        if (plan.encodings().isEmpty() || patches > 0) {
            plan.encodings().add(new Encoding(group, patches));
        }
    }

    private void decode(Sequence sequence, int decoding) {
        int length = sequence.length();
        if (batch.reserve(sequence, length)) {
            int guesses = guess(sequence, decoding);
            counters.guessedTokens += guesses;
            plan.answers().add(new Stretch(sequence, length - 1, length + guesses, 1 + guesses));
        }
    }

    /** Guesses take no blocks from others. */
    private int guess(Sequence sequence, int decoding) {
        int rows = Math.max(0, budget.answerRows() - decoding) / decoding;
        int most = Math.min(Math.min(mostGuesses, rows), sequence.room() - 1);
        if (most <= 0) {
            return 0;
        }
        int length = sequence.length();
        int guesses = sequence.lookup().guess(sequence, most);
        return pool.grow(sequence.blocks(), length + guesses)
                ? guesses
                : Math.min(guesses, sequence.blocks().tokens() - length);
    }

    private void read(Sequence sequence, int share) {
        int from = sequence.computed();
        int end = endOfReading(sequence);
        boolean allRows = givesAllRows(sequence);
        int to = Math.min(end, from + share);
        if (allRows) {
            to = Math.min(to, from + budget.promptLogitRows() - logitRows);
        } else if (to < end) {
            to = Math.max(Math.min(to, from + 1), to / BLOCK * BLOCK); // ends with a block, which others can take over
        }
        if (to <= from || !batch.reserve(sequence, to)) {
            return;
        }
        int outputs = allRows ? to - from : to == sequence.length() ? 1 : 0;
        logitRows += allRows ? outputs : 0;
        Stretch stretch = new Stretch(sequence, from, to, outputs);
        (sequence.readsPrompt() ? plan.prompts() : plan.answers()).add(stretch);
        counters.readTokens += stretch.length();
    }

    /** After the step: what it has computed becomes known, new sequences enter, finished ones leave. */
    void settle(StepPlan done) {
        for (Stretch stretch : done.answers()) {
            prefixes.index(stretch.sequence());
        }
        for (Stretch stretch : done.prompts()) {
            prefixes.index(stretch.sequence());
            spread(stretch.sequence().group());
        }
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (batch.get(i).finishReason() != null) {
                batch.leave(batch.get(i));
            }
        }
    }

    /**
     * The sequences of further answers take their places when the prompt has been read. They share its full blocks, and each
     * has a copy of the last one, which they go on writing. Those without a place wait and read the prompt again.
     */
    private void spread(SequenceGroup group) {
        if (group.spread()) {
            for (Sequence sibling : group.sequences().subList(1, group.samples())) {
                if (sibling.finishReason() == null) {
                    settleDown(sibling, group.first());
                }
            }
        }
    }

    private void settleDown(Sequence sibling, Sequence first) {
        int full = first.prompt().length() / BLOCK;
        boolean partial = first.prompt().length() % BLOCK != 0;
        if (batch.size() == maxSequences || pool.available() < (partial ? 1 : 0)) {
            sibling.restart();
            waiting.add(sibling);
            return;
        }
        pool.share(first.blocks(), full, sibling.blocks());
        if (partial) {
            pool.grow(sibling.blocks(), first.prompt().length());
            blockCopy.copy(first.blocks().block(full), sibling.blocks().block(full));
        }
        batch.enter(sibling);
    }
}
