package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.schedule.StepPlan.Stretch;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays the rows of all stretches of a step side by side, answers first. The device takes arrays of exact size: they are kept
 * for as long as the step keeps its shape, as it does while all sequences decode.
 */
final class StepRows {

    private static final int AXES = 3;

    private int[] tokens = new int[0];
    private int[][] positions = new int[AXES][0];
    private int[] slots = new int[0];
    private int[] lengths = new int[0];
    private int[] stretches = new int[0];
    private int[][] blockTables = new int[0][];
    private int[] outputRows = new int[0];
    private final List<DecoderStep.VisualRows> visuals = new ArrayList<>();
    private int row;
    private int stretch;
    private int output;

    /** The step that carries out the plan; valid until the next call. */
    DecoderStep lay(StepPlan plan) {
        fit(plan);
        for (int i = 0; i < plan.answers().size(); i++) {
            addAnswer(plan.answers().get(i));
        }
        int answers = row;
        for (int i = 0; i < plan.prompts().size(); i++) {
            addPrompt(plan.prompts().get(i));
        }
        stretches[stretch] = row;
        return new DecoderStep(
                tokens,
                positions,
                new PagedRows(slots, lengths, stretches, blockTables),
                new RowKinds(answers, row - answers),
                visuals,
                outputRows);
    }

    private void fit(StepPlan plan) {
        int rows = 0;
        int outputs = 0;
        for (List<Stretch> kind : List.of(plan.answers(), plan.prompts())) {
            for (Stretch one : kind) {
                rows += one.length();
                outputs += one.outputs();
            }
        }
        if (tokens.length != rows) {
            tokens = new int[rows];
            positions = new int[AXES][rows];
            slots = new int[rows];
            lengths = new int[rows];
        }
        int count = plan.answers().size() + plan.prompts().size();
        if (blockTables.length != count) {
            blockTables = new int[count][];
            stretches = new int[count + 1];
        }
        if (outputRows.length != outputs) {
            outputRows = new int[outputs];
        }
        visuals.clear();
        row = 0;
        stretch = 0;
        output = 0;
    }

    private void addAnswer(Stretch one) {
        Sequence sequence = one.sequence();
        begin(one);
        int length = sequence.length();
        int position = sequence.prompt().positions().next() - sequence.prompt().length();
        for (int place = one.from(); place < one.to(); place++) {
            for (int[] axis : positions) {
                axis[row] = position + place;
            }
            int token =
                    place < length ? sequence.token(place) : sequence.lookup().guessed(place - length);
            add(sequence, token, place);
        }
        end(one);
    }

    private void addPrompt(Stretch one) {
        Sequence sequence = one.sequence();
        begin(one);
        visuals.addAll(sequence.group().visuals().rows(one.from(), one.to(), row));
        for (int axis = 0; axis < AXES; axis++) {
            int[] all = sequence.prompt().positions().positions()[axis];
            System.arraycopy(all, one.from(), positions[axis], row, one.length());
        }
        for (int place = one.from(); place < one.to(); place++) {
            add(sequence, sequence.token(place), place);
        }
        end(one);
    }

    private void begin(Stretch one) {
        stretches[stretch] = row;
        blockTables[stretch++] = one.sequence().blocks().blocks();
    }

    private void add(Sequence sequence, int token, int place) {
        tokens[row] = token;
        slots[row] = sequence.blocks().slot(place);
        lengths[row] = place + 1;
        row++;
    }

    private void end(Stretch one) {
        for (int i = one.outputs(); i > 0; i--) {
            outputRows[output++] = row - i;
        }
    }
}
