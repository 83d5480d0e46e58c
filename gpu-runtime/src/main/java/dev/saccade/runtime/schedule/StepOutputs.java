package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.sampling.LogitRows;
import dev.saccade.runtime.schedule.StepPlan.Stretch;
import java.util.List;

/** Hands each sequence the logits of its rows, and notes how far it has been computed. */
final class StepOutputs {

    private final Counters counters;
    private final DrawnTokens first = new DrawnTokens();
    private final DrawnTokens later = new DrawnTokens();

    StepOutputs(Counters counters) {
        this.counters = counters;
    }

    /** @param out logits of the plan's output rows, in their order */
    void hand(StepPlan plan, LogitRows out) {
        drawFirst(plan, out);
        int row = 0;
        for (int i = 0; i < plan.answers().size(); i++) {
            row = write(plan.answers().get(i), out, row, first.token(i));
        }
        for (int i = 0; i < plan.prompts().size(); i++) {
            row = read(plan.prompts().get(i), out, row);
        }
    }

    /** Draws the next token of all answers at once, where the device can. */
    private void drawFirst(StepPlan plan, LogitRows out) {
        first.begin();
        int row = 0;
        for (Stretch stretch : plan.answers()) {
            first.ask(stretch.outputs() == 0 ? null : stretch.sequence(), row, out);
            row += stretch.outputs();
        }
        first.draw(out);
    }

    /**
     * Writes tokens for as long as they are what was guessed, and one more.
     *
     * @param row first output of the stretch
     * @param drawn the token for it, or {@link TokenDraw#UNDRAWN}
     * @return the first output behind it
     */
    private int write(Stretch stretch, LogitRows out, int row, int drawn) {
        Sequence sequence = stretch.sequence();
        int outputs = stretch.outputs();
        sequence.computedTo(outputs == 0 ? stretch.to() : sequence.length());
        for (int i = 0; i < outputs; i++) {
            sequence.next(out, row + i, i == 0 ? drawn : drawOne(sequence, row + i, out));
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

    /** Behind a guess that was right: only now it is known what came before. */
    private int drawOne(Sequence sequence, int row, LogitRows out) {
        later.begin();
        later.ask(sequence, row, out);
        later.draw(out);
        return later.token(0);
    }

    private void learn(Sequence sequence, int guesses, int right) {
        counters.acceptedTokens += right;
        if (guesses > 0) {
            sequence.lookup().learn(right > 0);
        }
    }

    private void writeFirst(List<Sequence> answers, int row, LogitRows out) {
        later.begin();
        answers.forEach(answer -> later.ask(answer, row, out));
        later.draw(out);
        for (int i = 0; i < answers.size(); i++) {
            answers.get(i).next(out, row, later.token(i));
            counters.generatedTokens++;
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
            writeFirst(group.fork(), row + stretch.outputs() - 1, out);
        }
        return row + stretch.outputs();
    }
}
