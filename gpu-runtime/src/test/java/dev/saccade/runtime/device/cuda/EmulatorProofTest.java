package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.DeviceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The emulator finds what it is there to find, whatever the order of threads, and nothing where nothing is wrong. */
class EmulatorProofTest {

    private static final List<Integer> SEEDS = List.of(1, 2, 3, 4, 5);

    private static final Proof RACE = new Proof("race between warps", "sum_in_turn", 256, EmulatorProofTest::sum, "");

    private ProofKernels proofs;

    /**
     * A kernel of {@code proofs.cu}, which works at bug 0.
     *
     * @param result of the threads' numbers counted from 1
     * @param verdict of the emulator on bug 1, or empty where the result is wrong instead
     */
    private record Proof(String bug, String kernel, int threads, Expected result, String verdict, Object... sizes) {

        /** What a kernel makes of its inputs. */
        interface Expected {
            float[] of(float[] inputs);
        }

        int inputs() {
            return kernel.startsWith("copy_") || kernel.equals("read_misaligned") ? 4 * threads * pieces() : threads;
        }

        private int pieces() {
            return kernel.equals("copy_pieces") ? (int) sizes[0] : 1;
        }

        @Override
        public String toString() {
            return bug;
        }
    }

    static Stream<Proof> proofs() {
        return Stream.of(
                new Proof("missing barrier", "reverse_block", 256, EmulatorProofTest::reversed, ""),
                new Proof("missing barrier within a warp", "rotate_warp", 64, EmulatorProofTest::rotated, ""),
                new Proof(
                        "barrier that half a warp misses",
                        "diverge",
                        64,
                        in -> in,
                        "diverge, block (0, 0, 0): deadlock"),
                new Proof("shuffle of half a warp", "shuffle_half", 32, in -> in, "diverged: comes to"),
                new Proof("missing wait for a copy", "copy_and_wait", 64, in -> in, ""),
                new Proof("copy that lands while others read", "copy_pieces", 64, in -> in, "", 5),
                new Proof("read past the end", "read_past_end", 64, in -> in, "thread 64: reads 4 bytes outside", 64),
                new Proof(
                        "write past the end", "write_past_end", 64, in -> in, "thread 64: writes 4 bytes outside", 64),
                new Proof(
                        "misaligned read",
                        "read_misaligned",
                        32,
                        EmulatorProofTest::everyFourth,
                        "misaligned: 16 bytes"),
                new Proof("read of what nobody wrote", "read_unwritten", 64, in -> in, ""),
                new Proof("write past shared memory", "overflow_shared", 64, in -> in, "of shared memory"),
                new Proof("wrong partner in a sum", "sum_by_partners", 32, EmulatorProofTest::sum, ""),
                new Proof(
                        "value of a lane that has ended",
                        "ask_absent_lane",
                        32,
                        EmulatorProofTest::ninth,
                        "lane 8, which"));
    }

    @BeforeEach
    void open() {
        proofs = new ProofKernels();
    }

    @AfterEach
    void close() {
        proofs.close();
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void kernelsWithoutABugWorkInAnyOrder(Proof proof) {
        for (int seed : SEEDS) {
            Emulator.seed(seed);

            assertThat(run(proof, 0))
                    .as("seed %s", seed)
                    .startsWith(proof.result().of(counted(proof.inputs())));
        }
        assertThat(Emulator.failure()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void bugsAreFoundInAnyOrder(Proof proof) {
        for (int seed : SEEDS) {
            Emulator.reset();
            Emulator.seed(seed);
            if (proof.verdict().isEmpty()) {
                assertThat(run(proof, 1)).as("seed %s", seed).isNotEqualTo(run(proof, 0));
            } else {
                assertThatThrownBy(() -> run(proof, 1)).isInstanceOf(DeviceException.class);
                assertThat(Emulator.failure()).contains(proof.verdict()).startsWith(proof.kernel());
            }
        }
    }

    @Test
    void lanesThatEndAfterAShuffleHaveGivenTheirValues() {
        Proof ends = new Proof("none", "end_after_shuffle", 64, EmulatorProofTest::mirrored, "");
        for (int seed : SEEDS) {
            Emulator.seed(seed);

            assertThat(run(ends, 0)).isEqualTo(mirrored(counted(64)));
        }
        assertThat(Emulator.failure()).isEmpty();
    }

    /** A race is lost in some orders only: one run may miss it. */
    @Test
    void racesBetweenWarpsAreFoundInMostOrders() {
        int wrong = 0;
        for (int seed = 1; seed <= 20; seed++) {
            Emulator.seed(seed);
            float expected = sum(counted(RACE.threads()))[0];

            assertThat(run(RACE, 0)[0]).isEqualTo(expected);
            wrong += run(RACE, 1)[0] == expected ? 0 : 1;
        }

        assertThat(wrong).isGreaterThan(10);
    }

    @Test
    void theSameSeedGivesTheSameOrder() {
        List<Float> first = new ArrayList<>();
        List<Float> second = new ArrayList<>();
        for (List<Float> results : List.of(first, second)) {
            for (int seed : SEEDS) {
                Emulator.seed(seed);
                results.add(run(RACE, 1)[0]);
            }
        }

        assertThat(second).isEqualTo(first);
        assertThat(first.stream().distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void matrixInstructionsMultiplyWhatTheirFragmentsHold() {
        Random random = new Random(1);
        short[] left = numbers(random, 16 * 16);
        short[] right = numbers(random, 16 * 8);
        float[] expected = new float[16 * 8];
        for (int i = 0; i < expected.length; i++) {
            for (int k = 0; k < 16; k++) {
                expected[i] += Bfloat16.widen(left[i / 8 * 16 + k]) * Bfloat16.widen(right[k * 8 + i % 8]);
            }
        }

        assertThat(product(left, right, 0)).isEqualTo(expected);
        assertThat(product(left, right, 2)).isEqualTo(expected);
        assertThat(product(left, right, 1)).isNotEqualTo(expected);
        assertThat(Emulator.counters("multiply_fragments").flops()).isEqualTo(3 * 2 * 16 * 8 * 16);
    }

    @Test
    void bytesAreCountedForEachKernel() {
        Proof proof = proofs().findFirst().orElseThrow();
        Emulator.reset();

        run(proof, 0);
        run(proof, 0);

        long bytes = 2L * proof.threads() * Float.BYTES;
        assertThat(Emulator.counters(proof.kernel())).isEqualTo(new Emulator.Counters(2, bytes, bytes, 0, 0));
        assertThat(Emulator.counters("rotate_warp")).isEqualTo(new Emulator.Counters(0, 0, 0, 0, 0));
    }

    /** Small whole numbers: their sums of products are exact. */
    private static short[] numbers(Random random, int count) {
        short[] numbers = new short[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Bfloat16.round(random.nextInt(-8, 9));
        }
        return numbers;
    }

    private float[] product(short[] left, short[] right, int bug) {
        long out = proofs.allocate(16 * 8);
        int shared = (16 * 16 + 16 * 8) * Short.BYTES;
        proofs.launch("multiply_fragments", 32, shared, List.of(proofs.upload(left), proofs.upload(right), out, bug));
        return proofs.download(out, 16 * 8);
    }

    /** What the kernel made of 1, 2, 3, ... */
    private float[] run(Proof proof, int bug) {
        int values = proof.inputs();
        long out = proofs.allocate(values);
        List<Object> arguments = new ArrayList<>(List.of(proofs.upload(counted(values)), out));
        arguments.addAll(List.of(proof.sizes()));
        arguments.add(bug);
        int threads = proof.kernel().endsWith("past_end") ? 2 * proof.threads() : proof.threads();
        int shared = (proof.kernel().startsWith("copy_") ? 4 : 1) * threads * Float.BYTES;
        proofs.launch(proof.kernel(), threads, shared, arguments);
        return proofs.download(out, values);
    }

    private static float[] counted(int count) {
        return floats(count, i -> i + 1);
    }

    private static float[] reversed(float[] inputs) {
        return floats(inputs.length, i -> inputs[inputs.length - 1 - i]);
    }

    private static float[] rotated(float[] inputs) {
        return floats(inputs.length, i -> inputs[i / 32 * 32 + (i + 1) % 32]);
    }

    private static float[] mirrored(float[] inputs) {
        return floats(inputs.length, i -> inputs[i / 32 * 32 + 31 - i % 32]);
    }

    private static float[] sum(float[] inputs) {
        return new float[] {inputs.length * (inputs.length + 1) / 2};
    }

    private static float[] ninth(float[] inputs) {
        return floats(inputs.length, i -> inputs[8]);
    }

    private static float[] everyFourth(float[] inputs) {
        return floats(inputs.length, i -> i % 4 == 0 ? inputs[i] : Float.NaN);
    }

    private interface Value {
        float at(int index);
    }

    private static float[] floats(int count, Value value) {
        float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = value.at(i));
        return values;
    }
}
