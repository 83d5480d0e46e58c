package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.cpu.CpuDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs planted in copies of the kernels: the comparison with the CPU device on the emulated one finds each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(EmulatedGpu.class)
class KernelMutationTest {

    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path MUTANTS = Path.of("target/cuda-mutants");

    /** More than one round, pieces that are merged, uneven ends. */
    private static final List<KernelCase> DECODE = List.of(
            KernelCases.decode(new Heads(4, 2, 32), 3, 37, 64), KernelCases.decode(new Heads(4, 2, 32), 1, 300, 64));

    private static final List<KernelCase> PREFILL =
            List.of(KernelCases.prefill(new Heads(4, 2, 32), 75, 70), KernelCases.prefill(new Heads(4, 2, 32), 0, 150));

    private static final List<KernelCase> HOPPER = List.of(
            KernelCases.prefill(new Heads(2, 1, 128), 75, 130), KernelCases.prefill(new Heads(2, 1, 128), 0, 200));

    private static final List<KernelCase> VISION =
            List.of(KernelCases.segments(new Heads(2, 2, 32), new int[] {0, 64, 90, 250}));

    private static final List<KernelCase> PRODUCT = List.of(
            KernelCases.linear(7, 192, 48),
            KernelCases.linear(13, 192, 48),
            KernelCases.swiglu(KernelCases.kinds(9), 128, 40));

    private static final List<KernelCase> WIDE = List.of(
            KernelCases.swiglu(RowKinds.ofAnswers(33), 320, 200),
            KernelCases.cachedProduct(new Heads(4, 2, 32), 40, 320));

    private static final List<KernelCase> DRAWS = List.of(
            DrawCases.draw(3, 999, 0, 0, 1),
            DrawCases.controlledDraw(4, 300, 1, 5, 1),
            DrawCases.controlledDraw(4, 1000, 1, 60, 0.8));

    private static final List<KernelCase> NORM = List.of(KernelCases.norm(3, 256), KernelCases.norm(2, 8192));

    private @Nullable CpuDevice cpu;

    /**
     * A bug.
     *
     * @param family the file it is in, of which only what that needs is compiled
     * @param original stands there exactly once
     */
    private record Mutant(String name, String family, String original, String bug, List<KernelCase> cases) {

        @Override
        public String toString() {
            return family + ": " + name;
        }
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                new Mutant(
                        "missing barrier before the warps' sums are added",
                        "rows.cu",
                        "    sync_block();\n    float total = 0.f;",
                        "    float total = 0.f;",
                        NORM),
                new Mutant(
                        "sum of half the warps",
                        "rows.cu",
                        "i < 16; i++) {\n        total",
                        "i < 8; i++) {\n        total",
                        NORM),
                new Mutant(
                        "missing barrier before the warps' products are added",
                        "product.cu",
                        "    sync_block();\n    for (int i = threadIdx.x; i < Tiles * 8 * ROWS",
                        "    for (int i = threadIdx.x; i < Tiles * 8 * ROWS",
                        PRODUCT),
                new Mutant(
                        "wrong stride between a tile's halves",
                        "product.cu",
                        "TilePlace{tile * 16, 8}",
                        "TilePlace{tile * 16, 7}",
                        PRODUCT),
                new Mutant(
                        "row past the last is read",
                        "product.cu",
                        "<long>(row < rows ? row : 0) * inputs",
                        "<long>(row * 64) * inputs",
                        PRODUCT),
                new Mutant(
                        "up for gate",
                        "product.cu",
                        "silu(gate) * up));\n        });",
                        "silu(up) * gate));\n        });",
                        PRODUCT),
                new Mutant(
                        "a stage is read before it has been copied",
                        "wide_product.cu",
                        "copy_wait<WIDE_STAGES - 2>();",
                        "copy_wait<WIDE_STAGES - 1>();",
                        WIDE),
                new Mutant(
                        "race: a stage is copied over while some still read it",
                        "wide_product.cu",
                        "            sync_block(); // the copies",
                        "            // the copies",
                        WIDE),
                new Mutant(
                        "the stage before last is multiplied again",
                        "wide_product.cu",
                        "stage = shared + round % WIDE_STAGES",
                        "stage = shared + (round > 0 ? round - 1 : 0) % WIDE_STAGES",
                        WIDE),
                new Mutant(
                        "off by one behind the last pair of outputs",
                        "wide_product.cu",
                        "            if (tile >= tiles) {",
                        "            if (tile > tiles) {",
                        WIDE),
                new Mutant(
                        "wrong half of a rotary pair",
                        "wide_product.cu",
                        "(output < Pairs ? 0 : outputs.stride)",
                        "(output < Pairs ? outputs.stride : 0)",
                        WIDE),
                new Mutant(
                        "off by one at the last token",
                        "decode_attention.cu",
                        "first + token + j / 2 * 2 < length",
                        "first + token + j / 2 * 2 <= length",
                        DECODE),
                new Mutant(
                        "values behind the last token are kept",
                        "decode_attention.cu",
                        "if (first + BLOCK_TOKENS > length)",
                        "if (first > length)",
                        DECODE),
                new Mutant(
                        "missing barrier between the warps' sums and their merge",
                        "decode_attention.cu",
                        "    sync_block();\n\n    Pieces<Size> all",
                        "    Pieces<Size> all",
                        DECODE),
                new Mutant(
                        "stale block: the next one's number is not looked up",
                        "decode_attention.cu",
                        "block = i + DECODE_WARPS < last ? load(table + i + DECODE_WARPS) : 0;",
                        "",
                        DECODE),
                new Mutant(
                        "the counter of pieces is not put back",
                        "decode_attention.cu",
                        "        store(counter, 0u);",
                        "        ;",
                        DECODE),
                new Mutant(
                        "a lane's share of the weights is left out",
                        "decode_attention.cu",
                        "mask *= 2) {\n            weight[j]",
                        "mask *= 4) {\n            weight[j]",
                        DECODE),
                new Mutant("missing wait for the copies", "attention.cu", "            copy_wait<1>();", "", PREFILL),
                new Mutant(
                        "missing barrier after the copies' wait",
                        "attention.cu",
                        "            copy_wait<0>();\n        }\n        sync_block();",
                        "            copy_wait<0>();\n        }",
                        VISION),
                new Mutant(
                        "race: the next copies land while some still read",
                        "attention.cu",
                        "        sync_block(); // before the next round's copies land where this one read\n",
                        "",
                        VISION),
                new Mutant(
                        "off by one on the diagonal",
                        "attention.cu",
                        "Source::CAUSAL ? seen + own + j / 2 * 8 : seen",
                        "Source::CAUSAL ? seen + own + j / 2 * 8 + 1 : seen",
                        PREFILL),
                new Mutant(
                        "values behind the last token are kept",
                        "attention.cu",
                        "if (Source::VALUES_TRANSPOSED && (round + 1) * TILE > end)",
                        "if (false)",
                        PREFILL),
                new Mutant(
                        "the peak of earlier rounds is forgotten",
                        "attention.cu",
                        "sum[i][2 * j + 1] *= shrink;",
                        "",
                        PREFILL),
                new Mutant(
                        "Hopper: the copies are not waited for",
                        "hopper_attention.cu",
                        "        copy_wait<1>();\n",
                        "",
                        HOPPER),
                new Mutant(
                        "Hopper: off by one on the diagonal",
                        "hopper_attention.cu",
                        "limit = min(end, seen + own + i % 4 / 2 * 8);",
                        "limit = min(end, seen + own + i % 4 / 2 * 8 + 1);",
                        HOPPER),
                new Mutant(
                        "Hopper: a part of the row is read where it would lie without the swizzle",
                        "hopper_attention.cu",
                        "part / 8 * (HOPPER_TILE / 2) + swizzled(row, part % 8)",
                        "part / 8 * (HOPPER_TILE / 2) + row * 64 + part % 8 * 8",
                        HOPPER),
                new Mutant(
                        "Hopper: what stands behind the last token is kept",
                        "hopper_attention.cu",
                        "if (left < TILE)",
                        "if (false)",
                        HOPPER),
                new Mutant(
                        "one token more than top-k says",
                        "sampling.cu",
                        "score_of(room->keys[draw.top_k - 1])",
                        "score_of(room->keys[draw.top_k])",
                        DRAWS),
                new Mutant(
                        "one token less than top-p says",
                        "sampling.cu",
                        "kept = 1 + first_of(0, kept - 1",
                        "kept = first_of(0, kept - 1",
                        DRAWS),
                new Mutant(
                        "the same random number at every step",
                        "sampling.cu",
                        "mix(bits ^ mix(step + 3 * golden))",
                        "mix(bits ^ mix(3 * golden))",
                        DRAWS),
                new Mutant(
                        "the same random number for every sequence",
                        "sampling.cu",
                        "mix(bits ^ mix(sequence + 2 * golden))",
                        "mix(bits ^ mix(2 * golden))",
                        DRAWS),
                new Mutant(
                        "penalty applied twice",
                        "sampling.cu",
                        "score > 0.f ? score / factor :",
                        "score > 0.f ? score / factor / factor :",
                        DRAWS),
                new Mutant(
                        "penalty that makes what is unlikely likelier",
                        "sampling.cu",
                        ": score * factor)",
                        ": score / factor)",
                        DRAWS),
                new Mutant(
                        "mask's bits from the other end",
                        "sampling.cu",
                        ">> id % 32 & 1)",
                        ">> (31 - id % 32) & 1)",
                        DRAWS),
                new Mutant(
                        "missing barrier before the warps' highest are compared",
                        "sampling.cu",
                        "    sync_block();\n    for (int warp = 0; warp < SAMPLING_WARPS; warp++) {\n        best",
                        "    for (int warp = 0; warp < SAMPLING_WARPS; warp++) {\n        best",
                        DRAWS),
                new Mutant(
                        "missing barrier before the warps' weights are added",
                        "sampling.cu",
                        "    sync_block();\n#pragma unroll\n    for (int i = 0; i < N; i++) {\n        values[i] = 0;",
                        "#pragma unroll\n    for (int i = 0; i < N; i++) {\n        values[i] = 0;",
                        DRAWS),
                new Mutant(
                        "candidates are gathered before they have been counted from 0",
                        "sampling.cu",
                        "        room->gathered = 0;\n    }\n    sync_block();",
                        "        room->gathered = 0;\n    }",
                        DRAWS),
                new Mutant(
                        "missing barrier between two rounds of a sort",
                        "sampling.cu",
                        "            sync_block();\n            for (int pair",
                        "            for (int pair",
                        DRAWS),
                new Mutant(
                        "bans that the changes undo",
                        "sampling.cu",
                        "    sync_block();\n    for (int i = threadIdx.x; i < draw.bans",
                        "    for (int i = threadIdx.x; i < draw.bans",
                        DRAWS),
                new Mutant(
                        "values one token off",
                        "cache.cuh",
                        "(size + i) * BLOCK_TOKENS + offset",
                        "(size + i) * BLOCK_TOKENS + (offset + 1) % BLOCK_TOKENS",
                        DECODE));
    }

    @BeforeAll
    void open() {
        cpu = new CpuDevice(Precision.BFLOAT16, 2);
    }

    @AfterAll
    void close() {
        if (cpu != null) {
            cpu.close();
        }
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void everyPlantedBugIsFound(Mutant mutant) throws IOException {
        Emulator.useKernels(Emulator.compileKernels(
                plant(mutant), "mutant-" + mutant.toString().hashCode() + ".so"));

        assertThat(isFound(mutant)).isTrue();
    }

    private boolean isFound(Mutant mutant) {
        Emulator.reset();
        Emulator.setGeneration(mutant.family().startsWith("hopper") ? Emulator.HOPPER : Emulator.AMPERE);
        CudaDevice cuda = new CudaDevice();
        try {
            for (KernelCase one : mutant.cases()) {
                // twice: what a run leaves behind may spoil the next one only
                for (int i = 0; i < 2; i++) {
                    if (CudaCheck.difference(one, cuda, Objects.requireNonNull(cpu)) > CudaCheck.TOLERANCE) {
                        return true;
                    }
                }
            }
            return false;
        } catch (DeviceException e) {
            assertThat(Emulator.failure()).isNotEmpty();
            return true;
        } finally {
            Emulator.reset(); // a failed context can't be closed
            cuda.close();
        }
    }

    private static Path plant(Mutant mutant) throws IOException {
        Path folder = Files.createDirectories(
                MUTANTS.resolve(Integer.toHexString(mutant.toString().hashCode())));
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file :
                    files.filter(one -> one.toString().matches(".*\\.cuh?")).toList()) {
                Files.writeString(folder.resolve(file.getFileName().toString()), Files.readString(file));
            }
        }
        Path file = folder.resolve(mutant.family());
        String source = Files.readString(file);
        assertThat(source.split(Pattern.quote(mutant.original()), -1))
                .as("places of the bug")
                .hasSize(2);
        Files.writeString(file, source.replace(mutant.original(), mutant.bug()));
        return folder;
    }
}
