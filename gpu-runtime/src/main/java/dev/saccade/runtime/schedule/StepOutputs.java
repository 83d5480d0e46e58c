package dev.saccade.runtime.schedule;

import dev.saccade.runtime.sampling.LogitRows;
import dev.saccade.runtime.schedule.StepPlan.Stretch;

/** Hands each sequence the logits of its rows, and notes how far it has been computed. */
final class StepOutputs {

    private final Counters counters;

    StepOutputs(Counters counters) {
        this.counters = counters;
    }

    /** @param out logits of the plan's output rows, in their order */
    void hand(StepPlan plan, LogitRows out) {
        int row = 0;
        for (int i = 0; i < plan.answers().size(); i++) {
            row = write(plan.answers().get(i), out, row);
        }
        for (int i = 0; i < plan.prompts().size(); i++) {
            row = read(plan.prompts().get(i), out, row);
        }
    }

    /**
     * Writes tokens for as long as they are what was guessed, and one more.
     *
     * @param row first output of the stretch
     * @return the first output behind it
     */
    private int write(Stretch stretch, LogitRows out, int row) {
        Sequence sequence = stretch.sequence();
        int outputs = stretch.outputs();
        sequence.computedTo(outputs == 0 ? stretch.to() : sequence.length());
        for (int i = 0; i < outputs; i++) {
            sequence.next(out, row + i);
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
    private int read(Stretch stretch, LogitRows out, int row) {
        Sequence sequence = stretch.sequence();
        SequenceGroup group = sequence.group();
        sequence.computedTo(stretch.to());
        group.readTo(stretch.to());
        group.measurePrompt(out, row, stretch.from(), stretch.to());
        if (stretch.to() == sequence.length()) {
            counters.promptTokens += stretch.to();
            counters.cachedTokens += sequence.adopted();
            counters.queriedTokens += group.prompt().blockKeys().isEmpty() || group.needsAllRows() ? 0 : stretch.to();
            for (Sequence answer : group.fork()) {
                answer.next(out, row + stretch.outputs() - 1);
                counters.generatedTokens++;
            }
        }
        return row + stretch.outputs();
    }
}
