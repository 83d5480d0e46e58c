package dev.saccade.runtime.schedule;

import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.VisionTower;
import dev.saccade.runtime.schedule.StepPlan.Encoding;
import dev.saccade.runtime.schedule.StepPlan.Stretch;
import java.util.Arrays;

/** Carries out a step: encodes frames, runs the rows through the model, and hands each sequence its logits. */
final class StepRunner {

    private final Device device;
    private final VisionTower tower;
    private final Decoder decoder;
    private final StepBudget budget;
    private final Counters counters;
    private final StepRows rows = new StepRows();
    private float[][] logits = new float[0][]; // one for each output row of a step, kept from step to step
    private float[][] out = new float[0][]; // the first of them

    StepRunner(Device device, VisionTower tower, Decoder decoder, StepBudget budget, Counters counters) {
        this.device = device;
        this.tower = tower;
        this.decoder = decoder;
        this.budget = budget;
        this.counters = counters;
    }

    void run(StepPlan plan) {
        counters.steps++;
        counters.stepTokens = 0;
        encode(plan);
        if (plan.runsDecoder()) {
            decode(plan);
        }
    }

    /** The most urgent one first; a clip gets on by one temporal group at least, which can exceed its share. */
    private void encode(StepPlan plan) {
        long start = System.nanoTime();
        int left = budget.patches();
        for (Encoding encoding : plan.encodings()) {
            if (left <= 0) {
                break;
            }
            VisualTokens visuals = encoding.group().visuals();
            int before = visuals.patchesLeft();
            visuals.encodeSome(tower, device, encoding.patches());
            left -= before - visuals.patchesLeft();
            encoding.group().ticket().listener().onProgress(Phase.VISION, visuals.encoded(), visuals.total());
        }
        counters.deviceNanos += System.nanoTime() - start;
    }

    private void decode(StepPlan plan) {
        long start = System.nanoTime();
        for (int i = 0; i < plan.prompts().size(); i++) {
            plan.prompts().get(i).sequence().group().ticket().watch().prefillStarts();
        }
        DecoderStep step = rows.lay(plan);
        fitLogits(step.outputRows().length);
        counters.stepTokens = step.rows();
        long laid = System.nanoTime();
        decoder.forward(step, out);
        long computed = System.nanoTime();
        int row = 0;
        for (int i = 0; i < plan.answers().size(); i++) {
            row = write(plan.answers().get(i), row);
        }
        for (int i = 0; i < plan.prompts().size(); i++) {
            row = read(plan.prompts().get(i), row);
        }
        counters.planningNanos += laid - start;
        counters.deviceNanos += computed - laid;
        counters.samplingNanos += System.nanoTime() - computed;
    }

    private void fitLogits(int count) {
        if (out.length == count) {
            return;
        }
        int kept = logits.length;
        if (kept < count) {
            logits = Arrays.copyOf(logits, count);
            for (int i = kept; i < count; i++) {
                logits[i] = new float[decoder.vocabularySize()];
            }
        }
        out = Arrays.copyOf(logits, count);
    }

    /**
     * Writes tokens for as long as they are what was guessed, and one more.
     *
     * @param row first output of the stretch
     * @return the first output behind it
     */
    private int write(Stretch stretch, int row) {
        Sequence sequence = stretch.sequence();
        int outputs = stretch.outputs();
        sequence.computedTo(outputs == 0 ? stretch.to() : sequence.length());
        for (int i = 0; i < outputs; i++) {
            sequence.next(out[row + i]);
            counters.generatedTokens++;
            boolean goesOn = i + 1 < outputs && sequence.finishReason() == null;
            if (!goesOn
                    || sequence.token(sequence.length() - 1)
                            != sequence.lookup().guessed(i)) {
                learn(sequence, outputs - 1, i);
                break;
            }
            sequence.computedTo(sequence.length());
        }
        return row + outputs;
    }

    private void learn(Sequence sequence, int guesses, int right) {
        counters.acceptedTokens += right;
        if (guesses > 0) {
            sequence.lookup().learn(right > 0);
        }
    }

    /** When a prompt has been read for the first time, all its answers get their first token. */
    private int read(Stretch stretch, int row) {
        Sequence sequence = stretch.sequence();
        SequenceGroup group = sequence.group();
        sequence.computedTo(stretch.to());
        group.readTo(stretch.to());
        if (stretch.to() == sequence.length()) {
            counters.promptTokens += stretch.to();
            counters.cachedTokens += sequence.adopted();
            for (Sequence answer : group.fork()) {
                answer.next(out[row + stretch.outputs() - 1]);
                counters.generatedTokens++;
            }
        }
        return row + stretch.outputs();
    }
}
