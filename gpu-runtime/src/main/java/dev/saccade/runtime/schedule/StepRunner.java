package dev.saccade.runtime.schedule;

import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.VisionTower;
import dev.saccade.runtime.sampling.LogitRows;
import dev.saccade.runtime.schedule.StepPlan.Encoding;

/** Carries out a step: encodes frames, and runs the rows through the model. */
final class StepRunner {

    private final Device device;
    private final VisionTower tower;
    private final Decoder decoder;
    private final StepBudget budget;
    private final Counters counters;
    private final StepRows rows = new StepRows();
    private final StepOutputs outputs;

    StepRunner(Device device, VisionTower tower, Decoder decoder, StepBudget budget, Counters counters) {
        this.device = device;
        this.tower = tower;
        this.decoder = decoder;
        this.budget = budget;
        this.counters = counters;
        this.outputs = new StepOutputs(counters);
    }

    void run(StepPlan plan) {
        counters.stepTokens = 0;
        if (plan.runsDecoder() || !plan.encodings().isEmpty()) {
            counters.steps++;
        }
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
        counters.stepTokens = step.rows();
        long laid = System.nanoTime();
        LogitRows out = decoder.forward(step);
        long computed = System.nanoTime();
        outputs.hand(plan, out);
        counters.planningNanos += laid - start;
        counters.deviceNanos += computed - laid;
        counters.samplingNanos += System.nanoTime() - computed;
    }
}
