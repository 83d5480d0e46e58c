package dev.saccade.runtime.constrain;

import dev.saccade.runtime.StructuredOutput;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Prints what constraints cost over the full Qwen2.5 vocabulary: compiling, the first and the later visits of states. Run it
 * on an idle machine; it asserts nothing.
 */
final class ConstraintMeasurement {

    private ConstraintMeasurement() {}

    static void main() {
        byte[][] tokens = Vocabularies.qwenIfThere();
        long begin = now();
        ConstraintCompiler compiler =
                new ConstraintCompiler(tokens, Vocabularies.QWEN_ROWS, Set.of(Vocabularies.QWEN_END));
        System.out.printf("vocabulary prepared in %.0f ms%n", milliseconds(begin));
        for (int round = 0; round < 3; round++) {
            System.out.println("round " + round);
            for (Sample sample : Sample.values()) {
                measure(
                        sample,
                        round == 2
                                ? compiler
                                : new ConstraintCompiler(tokens, Vocabularies.QWEN_ROWS, Set.of(Vocabularies.QWEN_END)),
                        tokens);
            }
        }
    }

    /** Processor time of this thread, so that a busy machine disturbs less. */
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double milliseconds(long since) {
        return (now() - since) / 1e6;
    }

    private static void measure(Sample sample, ConstraintCompiler compiler, byte[][] tokens) {
        long begin = now();
        Constraint constraint = compiler.compile(sample.output);
        double compile = milliseconds(begin);
        List<int[]> walks = new ArrayList<>();
        double worst = 0;
        double sum = 0;
        int visits = 0;
        boolean[] seen = new boolean[constraint.states()];
        Random random = new Random(1);
        for (int walk = 0; walk < 200; walk++) {
            IntList steps = new IntList();
            int state = constraint.start();
            for (int step = 0; step < 300 && !constraint.mustEnd(state); step++) {
                begin = now();
                long[] mask = constraint.allowed(state);
                double took = milliseconds(begin);
                if (!seen[state]) {
                    seen[state] = true;
                    worst = Math.max(worst, took);
                    sum += took;
                    visits++;
                }
                int token = draw(mask, random);
                if (token == Vocabularies.QWEN_END) {
                    break;
                }
                steps.add(token);
                state = constraint.next(state, token);
            }
            walks.add(steps.toArray());
        }
        begin = now();
        long count = 0;
        for (int[] walk : walks) {
            int state = constraint.start();
            for (int token : walk) {
                constraint.allowed(state);
                state = constraint.next(state, token);
                count++;
            }
        }
        System.out.printf(
                "%-28s compile %7.2f ms, %6d states, first visit mean %6.3f worst %6.3f ms (%d), step %5.0f ns, %5.1f MB%n",
                sample,
                compile,
                constraint.states(),
                sum / visits,
                worst,
                visits,
                milliseconds(begin) * 1e6 / count,
                constraint.bytes() / 1e6);
    }

    private static int draw(long[] mask, Random random) {
        int word = random.nextInt(mask.length);
        while (mask[word] == 0) {
            word = (word + 1) % mask.length;
        }
        return 64 * word + Long.numberOfTrailingZeros(mask[word]);
    }

    /** What is measured. */
    private enum Sample {
        SCENE(new StructuredOutput.JsonSchema(Schemas.SCENE)),
        REASONING(new StructuredOutput.JsonSchema(Schemas.REALISTIC[1])),
        FORMATS(new StructuredOutput.JsonSchema(Schemas.REALISTIC[3])),
        PATTERNS(new StructuredOutput.JsonSchema(Schemas.REALISTIC[4])),
        TREE(new StructuredOutput.JsonSchema(Schemas.REALISTIC[5])),
        ANY_JSON(new StructuredOutput.JsonSchema("true")),
        STRING_OF_5000(new StructuredOutput.JsonSchema("{\"type\": \"string\", \"maxLength\": 5000}")),
        ANY_TEXT(new StructuredOutput.Regex("(.|\\n)*")),
        LINE_OF_500(new StructuredOutput.Regex(".{1,500}")),
        LOWER_CASE_WORDS(new StructuredOutput.Regex("[a-z]+( [a-z]+){0,20}")),
        CHOICE(new StructuredOutput.Choice(List.of("turn left", "turn right", "stop", "go on")));

        private final StructuredOutput output;

        Sample(StructuredOutput output) {
            this.output = output;
        }
    }
}
