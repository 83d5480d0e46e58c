package dev.saccade.runtime.constrain;

import dev.saccade.runtime.constrain.RegexNode.Alternation;
import dev.saccade.runtime.constrain.RegexNode.Characters;
import dev.saccade.runtime.constrain.RegexNode.Repeat;
import dev.saccade.runtime.constrain.RegexNode.Sequence;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** Adds regular expressions to an automaton, with one spelling of their characters. */
final class RegexPieces {

    private final Nfa nfa;
    private final Spelling spelling;
    private final Budget budget;
    private final Map<CodePoints, CharacterClass> classes = new HashMap<>();

    RegexPieces(Nfa nfa, Spelling spelling, Budget budget) {
        this.nfa = nfa;
        this.spelling = spelling;
        this.budget = budget;
    }

    /** Texts that the expression matches as a whole; {@code ^} and {@code $} at its ends say nothing new. */
    int whole(int from, Regex regex) {
        int end = nfa.state();
        for (Regex.Alternative alternative : regex.alternatives()) {
            nfa.epsilon(add(from, alternative.node()), end);
        }
        return end;
    }

    /** Texts in which the expression is found somewhere, as JSON schema's {@code pattern} means it. */
    int search(int from, Regex regex) {
        int end = nfa.state();
        for (Regex.Alternative alternative : regex.alternatives()) {
            int start = alternative.atStart() ? from : anything(from);
            int found = add(start, alternative.node());
            nfa.epsilon(alternative.atEnd() ? found : anything(found), end);
        }
        return end;
    }

    private int anything(int from) {
        return add(from, new Repeat(new Characters(CodePoints.ALL), 0, RegexNode.UNBOUNDED));
    }

    /** Adds an expression and gives the state after it. */
    int add(int from, RegexNode node) {
        budget.steps(1);
        return switch (node) {
            case Characters characters -> nfa.character(from, characterClass(characters.set()));
            case Sequence sequence -> {
                int state = from;
                for (RegexNode part : sequence.parts()) {
                    state = add(state, part);
                }
                yield state;
            }
            case Alternation alternation -> {
                int end = nfa.state();
                for (RegexNode option : alternation.options()) {
                    nfa.epsilon(add(from, option), end);
                }
                yield end;
            }
            case Repeat repeat -> repeat(from, repeat.minimum(), repeat.maximum(), start -> add(start, repeat.node()));
        };
    }

    /**
     * Adds a piece so many times.
     *
     * @param maximum {@link RegexNode#UNBOUNDED} for no end
     */
    int repeat(int from, int minimum, int maximum, IntUnaryOperator piece) {
        int state = from;
        int copies = maximum == RegexNode.UNBOUNDED ? minimum - 1 : minimum;
        for (int i = 0; i < copies; i++) {
            budget.steps(1);
            state = piece.applyAsInt(state);
        }
        if (maximum == RegexNode.UNBOUNDED) {
            // a state of its own, as only the loop leads back to it
            int loop = nfa.state();
            nfa.epsilon(state, loop);
            int after = piece.applyAsInt(loop);
            nfa.epsilon(after, loop);
            int end = nfa.state();
            nfa.epsilon(minimum == 0 ? loop : after, end);
            return end;
        }
        int end = nfa.state();
        for (int i = minimum; i < maximum; i++) {
            nfa.epsilon(state, end);
            state = piece.applyAsInt(state);
        }
        nfa.epsilon(state, end);
        return end;
    }

    CharacterClass characterClass(CodePoints set) {
        return classes.computeIfAbsent(set, s -> new CharacterClass(s, spelling));
    }
}
