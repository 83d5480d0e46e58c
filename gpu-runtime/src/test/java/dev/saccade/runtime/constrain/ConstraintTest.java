package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.StructuredOutput.JsonSchema;
import dev.saccade.runtime.StructuredOutput.Regex;
import dev.saccade.runtime.text.Tokenizer;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConstraintTest {

    @Test
    void aStepOnStatesSeenBeforeAllocatesNothing() {
        byte[][] tokens = Vocabularies.demo();
        int end = tokens.length - 1;
        tokens[end] = new byte[0];
        Constraint constraint =
                new ConstraintCompiler(tokens, tokens.length, Set.of(end)).compile(new JsonSchema(Schemas.SCENE));
        int[] walk = walk(constraint, end, new Random(3));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        long sum = 0;
        // the best of several: the first one pays for the JVM's own start
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            int state = constraint.start();
            for (int token : walk) {
                sum += constraint.allowed(state)[0];
                sum += constraint.mayEnd(state) || constraint.mustEnd(state) ? 1 : 0;
                state = constraint.next(state, token);
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(walk).hasSizeGreaterThan(20);
        assertThat(sum).isNotZero();
        // reading the counter itself costs a few bytes on some JVMs
        assertThat(allocated).isLessThan(256);
    }

    private static int[] walk(Constraint constraint, int end, Random random) {
        IntList walk = new IntList();
        int state = constraint.start();
        for (int step = 0; step < 200; step++) {
            BitSet allowed = BitSet.valueOf(constraint.allowed(state));
            allowed.clear(end);
            if (allowed.isEmpty()) {
                break;
            }
            int token = allowed.nextSetBit(random.nextInt(allowed.length()));
            walk.add(token);
            state = constraint.next(state, token);
        }
        return walk.toArray();
    }

    @Test
    void specialTokensAndIdsBeyondTheVocabularyNeverFit() {
        try (Tokenizer tokenizer = Tokenizer.open(Vocabularies.DEMO)) {
            int end = tokenizer.addedTokenId("<|im_end|>").orElseThrow();
            int rows = tokenizer.vocabularySize() + 100;
            Constraint constraint =
                    ConstraintCompiler.of(tokenizer, rows, Set.of(end)).compile(new Regex("(.|\\n)*"));

            BitSet allowed = BitSet.valueOf(constraint.allowed(constraint.start()));

            assertThat(allowed.get(end)).isTrue();
            assertThat(allowed.length()).isLessThanOrEqualTo(tokenizer.vocabularySize());
            for (int id = 0; id < tokenizer.vocabularySize(); id++) {
                if (tokenizer.isAdded(id) && id != end) {
                    assertThat(allowed.get(id)).as("token " + id).isFalse();
                    assertThat(constraint.next(constraint.start(), id)).isEqualTo(Constraint.DEAD);
                }
            }
            assertThat(constraint.next(constraint.start(), rows - 1)).isEqualTo(Constraint.DEAD);
        }
    }

    @Test
    void theSameTextIsCompiledOnce() {
        ConstraintCompiler compiler = Vocabularies.bytes();

        assertThat(compiler.compile(new Regex("a+"))).isSameAs(compiler.compile(new Regex("a+")));
        assertThat(compiler.compile(new Regex("a+")))
                .isNotSameAs(compiler.compile(new StructuredOutput.Choice(List.of("a+"))));
    }

    @Test
    void theCacheForgetsTheLeastRecentlyUsed() {
        ConstraintCompiler compiler = Vocabularies.bytes();
        Constraint first = compiler.compile(new Regex("a"));
        Constraint second = compiler.compile(new Regex("b"));
        ConstraintCache cache = new ConstraintCache(first.bytes() + second.bytes());
        cache.put(new Regex("a"), first);
        cache.put(new Regex("b"), second);
        cache.get(new Regex("a"));

        cache.put(new Regex("c"), compiler.compile(new Regex("c")));

        assertThat(cache.get(new Regex("a"))).isSameAs(first);
        assertThat(cache.get(new Regex("b"))).isNull();
        assertThat(cache.size()).isEqualTo(2);
    }

    @Test
    void masksAreBoundedInBytes() {
        MaskPool pool = new MaskPool(1_000);
        long[] first = new long[100];

        assertThat(pool.share(first)).isSameAs(first);
        assertThat(pool.share(new long[100])).isSameAs(first);
        assertThat(pool.isFull()).isFalse();
        long[] other = new long[100];
        other[3] = 1;
        pool.share(other);
        assertThat(pool.isFull()).isTrue();
        pool.clear();
        assertThat(pool.isFull()).isFalse();
    }

    @Test
    void manyThreadsSeeTheSameMasks() throws Exception {
        ConstraintCompiler compiler = Vocabularies.bytes();
        Constraint alone = Vocabularies.bytes().compile(new JsonSchema(Schemas.SCENE));
        int states = alone.states();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> tasks = IntStream.range(0, 16)
                    .mapToObj(seed -> (Callable<Boolean>) () -> new Random(seed)
                            .ints(2_000, 0, states)
                            .allMatch(state -> java.util.Arrays.equals(
                                    compiler.compile(new JsonSchema(Schemas.SCENE))
                                            .allowed(state),
                                    alone.allowed(state))))
                    .toList();
            for (var result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        }
    }
}
