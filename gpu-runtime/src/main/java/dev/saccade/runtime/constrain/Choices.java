package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/** One of several texts. */
final class Choices {

    static final int MAX_OPTIONS = 1_000;
    static final int MAX_CHARACTERS = 65_536;

    private Choices() {}

    static Automaton automaton(List<String> options, BitSet writable) {
        check(options);
        Budget budget = new Budget("The choice", "choice-invalid");
        Nfa nfa = new Nfa(budget);
        int start = nfa.state();
        int end = nfa.state();
        for (String option : options) {
            nfa.epsilon(nfa.bytes(start, option.getBytes(StandardCharsets.UTF_8)), end);
        }
        Automaton automaton = Determinizer.determinize(nfa, start, end, writable, budget);
        if (automaton.states() == 0) {
            throw invalid("none of its options can be written with this model's vocabulary");
        }
        return automaton;
    }

    private static void check(List<String> options) {
        if (options.isEmpty() || options.size() > MAX_OPTIONS) {
            throw invalid("it has %,d options; give 1 to %,d".formatted(options.size(), MAX_OPTIONS));
        }
        long characters = options.stream().mapToLong(String::length).sum();
        if (characters > MAX_CHARACTERS) {
            throw invalid("its options have %,d characters together; at most %,d are taken"
                    .formatted(characters, MAX_CHARACTERS));
        }
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).isEmpty()) {
                throw invalid("option " + i + " is empty");
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(options.get(i))) {
                throw invalid("option " + i + " has half a surrogate pair");
            }
        }
    }

    private static InvalidRequestException invalid(String problem) {
        return new InvalidRequestException("choice-invalid", "The choice can't be used: " + problem + ".");
    }
}
