package dev.saccade.runtime.schedule;

import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.VisionTower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Carries out a step: encodes, lays the rows of all sequences side by side, and hands each its logits. */
final class StepRunner {

    /** Patches that are encoded in one step, unless a single temporal group has more. */
    private static final int PATCH_BUDGET = 1024;

    private static final int AXES = 3;

    private final Device device;
    private final VisionTower tower;
    private final Decoder decoder;
    private final List<float[]> logits = new ArrayList<>(); // kept from step to step, one for each output row

    StepRunner(Device device, VisionTower tower, Decoder decoder) {
        this.device = device;
        this.tower = tower;
        this.decoder = decoder;
    }

    void run(StepPlan plan) {
        Sequence encoding = plan.encoding();
        if (encoding != null) {
            VisualTokens visuals = encoding.visuals();
            visuals.encodeSome(tower, device, PATCH_BUDGET);
            encoding.ticket().listener().onProgress(Phase.VISION, visuals.encoded(), visuals.total());
        }
        if (plan.runsDecoder()) {
            decode(plan);
        }
    }

    private void decode(StepPlan plan) {
        Rows rows = new Rows(plan);
        for (Sequence sequence : plan.decoding()) {
            rows.addLastToken(sequence);
        }
        for (StepPlan.Stretch stretch : plan.prefill()) {
            stretch.sequence().ticket().watch().prefillStarts();
            rows.addStretch(stretch);
        }
        float[][] out = logits(rows.outputs.size());
        decoder.forward(rows.step(), out);
        for (StepPlan.Stretch stretch : plan.prefill()) {
            stretch.sequence().readTo(stretch.to());
        }
        for (int i = 0; i < out.length; i++) {
            rows.outputs.get(i).next(out[i]);
        }
    }

    private float[][] logits(int count) {
        while (logits.size() < count) {
            logits.add(new float[decoder.vocabularySize()]);
        }
        return logits.subList(0, count).toArray(new float[0][]);
    }

    /** The rows of a step while they are put together. */
    private static final class Rows {
        private final int[] tokens;
        private final int[][] positions;
        private final int[] slots;
        private final List<int[]> blockTables = new ArrayList<>(); // one for each stretch
        private final int[] lengths;
        private final int answers;
        private final List<DecoderStep.VisualRows> visuals = new ArrayList<>();
        private final List<Integer> outputRows = new ArrayList<>();
        private final List<Integer> stretches = new ArrayList<>(); // first row of each
        private final List<Sequence> outputs = new ArrayList<>(); // whose logits they are
        private int count;

        Rows(StepPlan plan) {
            int rows = plan.decoding().size()
                    + plan.prefill().stream().mapToInt(StepPlan.Stretch::length).sum();
            this.tokens = new int[rows];
            this.positions = new int[AXES][rows];
            this.slots = new int[rows];
            this.answers = plan.decoding().size();
            this.lengths = new int[rows];
        }

        void addLastToken(Sequence sequence) {
            for (int[] axis : positions) {
                axis[count] = sequence.lastPosition();
            }
            expectLogits(sequence, count);
            begin(sequence);
            add(sequence, sequence.lastToken(), sequence.lastIndex());
        }

        void addStretch(StepPlan.Stretch stretch) {
            Sequence sequence = stretch.sequence();
            begin(sequence);
            visuals.addAll(sequence.visuals().rows(stretch.from(), stretch.to(), count));
            for (int axis = 0; axis < AXES; axis++) {
                int[] all = sequence.prompt().positions().positions()[axis];
                System.arraycopy(all, stretch.from(), positions[axis], count, stretch.length());
            }
            for (int index = stretch.from(); index < stretch.to(); index++) {
                add(sequence, sequence.prompt().encoded().ids()[index], index);
            }
            if (stretch.completesPrompt()) {
                expectLogits(sequence, count - 1);
            }
        }

        private void add(Sequence sequence, int token, int index) {
            tokens[count] = token;
            slots[count] = sequence.blocks().slot(index);
            lengths[count] = index + 1;
            count++;
        }

        private void begin(Sequence sequence) {
            stretches.add(count);
            blockTables.add(sequence.blocks().blocks());
        }

        private void expectLogits(Sequence sequence, int row) {
            outputRows.add(row);
            outputs.add(sequence);
        }

        DecoderStep step() {
            if (count != tokens.length) {
                throw new IllegalStateException(count + " rows where the plan has " + Arrays.toString(tokens));
            }
            stretches.add(count);
            return new DecoderStep(
                    tokens,
                    positions,
                    new PagedRows(slots, lengths, ints(stretches), blockTables.toArray(new int[0][])),
                    new RowKinds(answers, count - answers),
                    visuals,
                    ints(outputRows));
        }

        private static int[] ints(List<Integer> values) {
            return values.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
