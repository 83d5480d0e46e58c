package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.RowKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the kernels move and compute: counted by the emulator at small shapes, equal to the formulas there, and by the formulas
 * at the 7B model's shape within the bounds that the kernels are built for. {@code docs/gpu/accounting.md} is what comes of it;
 * {@code -Dsaccade.write-accounting=true} writes it anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountingTest {

    private static final Path PAGE = Path.of("../docs/gpu/accounting.md");
    private static final Heads DEMO = new Heads(4, 2, 64);
    private static final Heads LARGE = new Heads(14, 2, 128);
    private static final double DECODE_OVERHEAD = 1.05;

    private static final double USEFUL = 0.95;

    /** A step's small lists of numbers lie side by side: two of them may share a sector, or begin in the middle of one. */
    private static final double LISTS = 64;

    private @Nullable CudaDevice cuda;

    @BeforeAll
    void open() {
        Emulator.start();
        Emulator.countSectors(true);
        cuda = new CudaDevice();
    }

    @AfterAll
    void close() {
        if (cuda != null) {
            cuda.close();
            Emulator.countSectors(false);
        }
        Emulator.stop();
    }

    static Stream<Arguments> kernels() {
        return Stream.of(
                of("product_float_8_1", KernelCases.linear(1, 192, 208), KernelCosts.product(1, 192, 208, true, 4)),
                of("product_float_8_1", KernelCases.linear(8, 320, 64), KernelCosts.product(8, 320, 64, true, 4)),
                of("product_float_16_1", KernelCases.linear(13, 192, 208), KernelCosts.product(13, 192, 208, true, 4)),
                of(
                        "gated_product_8_1",
                        KernelCases.swiglu(RowKinds.ofAnswers(3), 256, 704),
                        KernelCosts.gatedProduct(3, 256, 704)),
                of(
                        "gated_product_16_1",
                        KernelCases.swiglu(RowKinds.ofAnswers(16), 256, 704),
                        KernelCosts.gatedProduct(16, 256, 704)),
                of(
                        "wide_gated_product_64",
                        KernelCases.swiglu(RowKinds.ofAnswers(33), 192, 200),
                        KernelCosts.wideGatedProduct(33, 192, 200)),
                of(
                        "wide_gated_product_128",
                        KernelCases.swiglu(RowKinds.ofAnswers(130), 128, 704),
                        KernelCosts.wideGatedProduct(130, 128, 704)),
                of(
                        "decode_attention_64",
                        KernelCases.decode(DEMO, 1, 100, 64),
                        KernelCosts.decodeAttention(1, 100, DEMO)),
                of(
                        "decode_attention_64",
                        KernelCases.decode(DEMO, 1, 700, 64),
                        KernelCosts.decodeAttention(1, 700, DEMO)),
                of(
                        "decode_attention_128",
                        KernelCases.decode(LARGE, 1, 333, 64),
                        KernelCosts.decodeAttention(1, 333, LARGE)),
                of("paged_attention_64", KernelCases.prefill(DEMO, 0, 130), KernelCosts.pagedAttention(130, 0, DEMO)),
                of("paged_attention_64", KernelCases.prefill(DEMO, 75, 64), KernelCosts.pagedAttention(64, 75, DEMO)),
                of(
                        "paged_attention_128",
                        KernelCases.prefill(LARGE, 75, 100),
                        KernelCosts.pagedAttention(100, 75, LARGE)),
                of("add_and_normalize", KernelCases.norm(3, 256), KernelCosts.norm(3, 256, true)));
    }

    private static Arguments of(String kernel, KernelCase run, Cost formula) {
        return Arguments.of(kernel, run, formula);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void kernelsMoveAndComputeWhatTheFormulasSay(String kernel, KernelCase run, Cost formula) {
        KernelCase.Run ready = run.preparation().on(device());
        device().context().synchronize();
        Emulator.reset();

        ready.operation().run();
        device().context().synchronize();

        assertCounted(kernel, formula);
    }

    /** It runs while a decode case is prepared. */
    @ParameterizedTest
    @CsvSource({"cached_product_8,3", "cached_product_16,16", "wide_cached_product_64,17", "wide_cached_product_128,65"
    })
    void queriesKeysAndValuesMoveWhatTheFormulaSays(String kernel, int rows) {
        Emulator.reset();
        KernelCases.decode(LARGE, rows, 20, 192).preparation().on(device());
        device().context().synchronize();

        assertCounted(
                kernel,
                rows <= 16
                        ? KernelCosts.cachedProduct(rows, 192, LARGE)
                        : KernelCosts.wideCachedProduct(rows, 192, LARGE));
    }

    private static void assertCounted(String kernel, Cost formula) {
        Emulator.Counters counted = Emulator.counters(kernel);
        assertThat(Emulator.failure()).isEmpty();
        assertThat(counted.launches()).isPositive();
        double launches = counted.launches();
        assertThat(counted.bytesFetched() / launches).as("bytes read").isCloseTo(formula.read(), within(LISTS));
        assertThat(counted.bytesWritten() / launches).as("bytes written").isEqualTo(formula.written());
        assertThat(counted.flops() / launches).as("operations").isCloseTo(formula.flops(), within(0.5));
    }

    @Test
    void decodeStepsMoveHardlyMoreThanTheLeast() {
        for (int batch : AccountingPage.BATCHES) {
            for (int context : AccountingPage.CONTEXTS) {
                double ratio = StepCosts.decode(batch, context).total().bytes()
                        / StepCosts.leastBytes(batch, (double) batch * context);
                assertThat(ratio).as("%d x %d", batch, context).isBetween(1.0, DECODE_OVERHEAD);
            }
        }
    }

    @Test
    void prefillComputesHardlyMoreThanIsOfUse() {
        for (int rows : AccountingPage.CHUNKS) {
            for (int before : AccountingPage.PREFIXES) {
                for (Cost cost : List.of(
                        KernelCosts.pagedAttention(rows, before, StepCosts.HEADS),
                        KernelCosts.hopperAttention(rows, before, StepCosts.HEADS),
                        StepCosts.prefill(rows, before, false).total(),
                        StepCosts.prefill(rows, before, true).total())) {
                    assertThat(cost.useful() / cost.flops())
                            .as("%d behind %d", rows, before)
                            .isBetween(USEFUL, 1.0);
                }
            }
        }
    }

    @Test
    void thePageSaysWhatTheFormulasSay() throws IOException {
        List<String> lines = AccountingPage.lines();
        if (Boolean.getBoolean("saccade.write-accounting")) {
            Files.write(PAGE, lines);
        }
        assertThat(Files.readAllLines(PAGE)).isEqualTo(lines);
    }

    private CudaDevice device() {
        return Objects.requireNonNull(cuda);
    }
}
