package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.text.Tokenizer;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes constraints for one model's vocabulary. Compiling costs milliseconds and belongs on the thread that submits a
 * request. For any number of threads.
 */
public final class ConstraintCompiler {

    /** Constraints kept for later requests, in bytes with their masks. */
    static final long MAX_CACHE_BYTES = 128L << 20;

    /** Fewer characters are walked as fast as they are looked up. */
    private static final int LARGE_CLASS = 16;

    /** Large classes of one constraint for which runs are worked out, each a pass over the vocabulary. */
    private static final int MAX_CLASSES = 4;

    private final byte[][] tokenBytes;
    private final BitSet endOfTurn = new BitSet();
    private final int words;
    private final TokenTrie trie;
    private final ConstraintCache constraints = new ConstraintCache(MAX_CACHE_BYTES);
    private final RunsCache runs;
    private final ReentrantLock compiling = new ReentrantLock();

    /**
     * Prepares a vocabulary.
     *
     * @param tokenBytes what each token writes, by its id; empty for ids that are never part of a constrained text. Not a copy
     * @param vocabulary rows of the model's logits, at least one for each token
     * @param endOfTurn ids of the tokens that end an answer
     */
    public ConstraintCompiler(byte[][] tokenBytes, int vocabulary, Collection<Integer> endOfTurn) {
        this.tokenBytes = tokenBytes;
        endOfTurn.forEach(this.endOfTurn::set);
        this.words = (vocabulary + 63) >> 6;
        this.trie = new TokenTrie(tokenBytes);
        this.runs = new RunsCache(trie, words);
    }

    /** Prepares a tokenizer's vocabulary; its special tokens are never part of a constrained text. */
    public static ConstraintCompiler of(Tokenizer tokenizer, int vocabulary, Collection<Integer> endOfTurn) {
        byte[][] bytes = new byte[Math.min(vocabulary, tokenizer.vocabularySize())][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = tokenizer.isAdded(id) || endOfTurn.contains(id) ? new byte[0] : tokenizer.bytes(id);
        }
        return new ConstraintCompiler(bytes, vocabulary, endOfTurn);
    }

    /**
     * The constraint for what a request asks for, compiled or from the cache.
     *
     * @throws InvalidRequestException where it is malformed, unsupported, or beyond a limit, which the message names
     */
    public Constraint compile(StructuredOutput output) {
        Constraint known = constraints.get(output);
        return known != null ? known : compileAlone(output);
    }

    /** One at a time, so that the memory of compiling is bounded; requests with the same text wait for the first. */
    private Constraint compileAlone(StructuredOutput output) {
        compiling.lock();
        try {
            Constraint known = constraints.get(output);
            if (known != null) {
                return known;
            }
            Constraint constraint = of(automaton(output, trie.singleBytes()));
            constraints.put(output, constraint);
            return constraint;
        } finally {
            compiling.unlock();
        }
    }

    /** @param writable the bytes of which a text can be made */
    static Automaton automaton(StructuredOutput output, BitSet writable) {
        return switch (output) {
            case StructuredOutput.JsonSchema schema -> SchemaCompiler.compile(schema.schema(), writable);
            case StructuredOutput.Regex regex -> regex(regex.pattern(), writable);
            case StructuredOutput.Choice choice -> Choices.automaton(choice.options(), writable);
        };
    }

    private static Automaton regex(String pattern, BitSet writable) {
        Budget budget = new Budget("The regular expression", "regex-too-large");
        Regex parsed = RegexParser.parse(pattern);
        Nfa nfa = new Nfa(budget);
        int start = nfa.state();
        int end = new RegexPieces(nfa, Spelling.PLAIN, budget).whole(start, parsed);
        Automaton automaton = Determinizer.determinize(nfa, start, end, writable, budget);
        if (automaton.states() == 0) {
            throw new InvalidRequestException("regex-invalid", "The regular expression matches no text at all.");
        }
        return automaton;
    }

    private Constraint of(Automaton automaton) {
        Set<CharacterClass> large = new LinkedHashSet<>();
        for (int state = 0; state < automaton.states() && large.size() < MAX_CLASSES; state++) {
            CharacterClass characters = automaton.characterClass(state);
            if (characters != null && characters.set().size() >= LARGE_CLASS) {
                large.add(characters);
            }
        }
        List<RunStates> runStates = large.stream()
                .map(characters -> new RunStates(automaton, characters, runs.of(characters)))
                .toList();
        MaskBuilder builder = new MaskBuilder(trie, automaton, runStates, words);
        return new Constraint(automaton, builder, runStates, tokenBytes, endOfTurn);
    }
}
