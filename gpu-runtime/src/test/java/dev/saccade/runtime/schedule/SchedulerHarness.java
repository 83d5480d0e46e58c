package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.Urgency;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.kv.BlockPool;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.DemoModel;
import dev.saccade.runtime.sampling.AnswerWriter;
import dev.saccade.runtime.sampling.HostLogits;
import dev.saccade.runtime.sampling.Samplers;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MropePositions;
import dev.saccade.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The scheduler with a model that computes nothing, but looks at what a real one would see: in each slot of the cache lies
 * which token at which place was written there, and every row checks that it finds its whole sequence. The next token is a
 * function of the sequence.
 */
final class SchedulerHarness {

    private static final int VOCABULARY = 64;
    private static final int EMPTY = -1;
    private static final Tokenizer TOKENIZER = Tokenizer.open(DemoModel.model());
    private static final Samplers SAMPLERS = samplers();

    private final BlockPool pool;
    private final Counters counters = new Counters();
    private final Scheduler scheduler;
    private final StepRows rows = new StepRows();
    private final StepOutputs outputs = new StepOutputs(counters);
    private final BlockKeys keys = new BlockKeys(true);
    private final RequestChecks checks;
    private final int[] cache; // what lies in each slot
    private final List<SequenceGroup> open = new ArrayList<>();
    private long submitted;

    SchedulerHarness(int blocks, int maxSequences, StepBudget budget, boolean prefixCaching, int guesses) {
        this.pool = new BlockPool(blocks);
        this.cache = new int[blocks * KeyValueCache.BLOCK_TOKENS];
        Arrays.fill(cache, EMPTY);
        this.checks = new RequestChecks(SAMPLERS, 100_000, blocks);
        EngineOptions options = EngineOptions.DEFAULT.toBuilder()
                .maxSequences(maxSequences)
                .prefixCaching(prefixCaching)
                .speculativeTokens(guesses)
                .build();
        this.scheduler = new Scheduler(pool, budget, options, this::copy, counters);
    }

    private static Samplers samplers() {
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model())) {
            return new Samplers(checkpoint.samplingDefaults(), VOCABULARY, 100_000, Set.of(), TOKENIZER);
        }
    }

    /** A request with a prompt of these tokens. */
    SequenceGroup submit(int[] ids, int maxTokens, int samples, Priority priority) {
        GenerationRequest request = new GenerationRequest(
                List.of(Message.user(new Part.Text("harness"))),
                SamplingParameters.greedy().toBuilder()
                        .maxTokens(maxTokens)
                        .n(samples)
                        .build(),
                VisionOptions.DEFAULT,
                false,
                new Urgency(priority, null, null));
        SamplingParameters sampling = SAMPLERS.resolve(request);
        checks.maxTokens(ids.length, sampling);
        Ticket ticket = new Ticket(submitted++, request, sampling, 0, GenerationListener.NONE, cancelled -> {});
        EncodedPrompt encoded = new EncodedPrompt(ids, List.of());
        Prompt prompt = new Prompt(
                encoded,
                MropePositions.of(ids.length, List.of(), List.of(), 2, 2),
                List.of(),
                new VisualTokens(new VisionCache(0, 1), List.of(), List.of(), VisualTokens.Pixels.NONE),
                keys.ofPrompt(encoded, List.of()),
                maxTokens,
                List.of());
        SequenceGroup group =
                new SequenceGroup(ticket, prompt, completion -> SAMPLERS.writer(request, sampling, 0, completion, ids));
        scheduler.add(group);
        open.add(group);
        return group;
    }

    void cancel(SequenceGroup group) {
        group.finish(FinishReason.CANCELLED);
        scheduler.remove(group);
        open.remove(group);
    }

    /** Plans and carries out one step. */
    StepPlan step() {
        StepPlan plan = scheduler.plan();
        if (plan.runsDecoder()) {
            DecoderStep step = rows.lay(plan);
            outputs.hand(plan, new HostLogits(forward(step)));
        }
        scheduler.settle(plan);
        open.removeIf(SequenceGroup::finished);
        return plan;
    }

    /** Steps until all requests have ended. */
    void run() {
        int steps = 0;
        while (!open.isEmpty()) {
            step();
            assertThat(steps++).as("steps without an end").isLessThan(100_000);
        }
    }

    private float[][] forward(DecoderStep step) {
        for (int row = 0; row < step.rows(); row++) {
            int kind = row < step.kinds().answer() ? 1 : 0;
            cache[step.paged().slots()[row]] =
                    content(step.tokens()[row], step.paged().lengths()[row] - 1, kind);
        }
        float[][] out = new float[step.outputRows().length][];
        for (int i = 0; i < out.length; i++) {
            int row = step.outputRows()[i];
            int stretch = Arrays.binarySearch(step.paged().stretches(), row);
            int[] blocks = step.paged().blockTables()[stretch >= 0 ? stretch : -stretch - 2];
            out[i] = new float[VOCABULARY];
            out[i][next(blocks, step.paged().lengths()[row])] = 1;
        }
        return out;
    }

    private static int content(int token, int place, int kind) {
        return (place * 2 + kind) * VOCABULARY + token;
    }

    /** The token that follows what lies in the cache: mostly a repetition, so that guesses are right at times. */
    private int next(int[] blocks, int length) {
        long sum = 17;
        for (int place = Math.max(0, length - 3); place < length; place++) {
            sum = sum * 31 + cache[slot(blocks, place)] % VOCABULARY;
        }
        long whole = length % 23;
        if (whole == 0) { // now and then it depends on everything
            for (int place = 0; place < length; place++) {
                sum = sum * 31 + cache[slot(blocks, place)];
            }
        }
        return (int) Math.floorMod(sum * 0x9E3779B97F4A7C15L >>> 40, 8);
    }

    private static int slot(int[] blocks, int place) {
        return blocks[place / KeyValueCache.BLOCK_TOKENS] * KeyValueCache.BLOCK_TOKENS
                + place % KeyValueCache.BLOCK_TOKENS;
    }

    private void copy(int source, int target) {
        int size = KeyValueCache.BLOCK_TOKENS;
        System.arraycopy(cache, source * size, cache, target * size, size);
    }

    /** What a sequence of this prompt must write. */
    static List<Integer> expected(int[] ids, int maxTokens) {
        SchedulerHarness alone = new SchedulerHarness(4_096, 1, StepBudget.DEFAULT, false, 0);
        SequenceGroup group = alone.submit(ids, maxTokens, 1, Priority.STANDARD);
        alone.run();
        return written(group.first());
    }

    static List<Integer> written(Sequence sequence) {
        AnswerWriter answer = sequence.answer();
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < sequence.written(); i++) {
            tokens.add(answer == null ? EMPTY : answer.token(i));
        }
        return tokens;
    }

    BlockPool pool() {
        return pool;
    }

    Counters counters() {
        return counters;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    List<SequenceGroup> open() {
        return open;
    }
}
