package dev.saccade.runtime.device.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes {@code docs/gpu/accounting.md}. */
final class AccountingPage {

    static final int[] BATCHES = {1, 8, 32, 128};
    static final int[] CONTEXTS = {1024, 8192, 32768};
    static final int[] CHUNKS = {512, 1024, 2048};
    static final int[] PREFIXES = {0, 1024, 8192, 32768};

    /** Of the kernels of a step, as the host launches them at the 7B model's shape: threads and dynamic shared memory. */
    private static final List<Launch> LAUNCHES = List.of(
            new Launch("cached_product_8", 256, 8 * 16 * 8 * 4),
            new Launch("cached_product_16", 256, 8 * 16 * 16 * 4),
            new Launch("product_float_8_1", 256, 8 * 16 * 8 * 4),
            new Launch("product_float_16_1", 256, 8 * 16 * 16 * 4),
            new Launch("gated_product_8_2", 256, 8 * 2 * 16 * 8 * 4),
            new Launch("gated_product_16_2", 256, 8 * 2 * 16 * 16 * 4),
            new Launch("wide_cached_product_64", 256, 3 * (64 + 64) * 64 * 2),
            new Launch("wide_cached_product_128", 256, 3 * (64 + 128) * 64 * 2),
            new Launch("wide_gated_product_64", 256, 3 * (128 + 64) * 64 * 2),
            new Launch("wide_gated_product_128", 256, 3 * (128 + 128) * 64 * 2),
            new Launch("decode_attention_128", 128, 4 * 8 * 130 * 4 + 4),
            new Launch("paged_attention_128", 128, (64 * 136 + 2 * (64 * 136 + 128 * 72)) * 2),
            new Launch("hopper_attention_128", 256, 8 * 64 * 128 * 2 + 1024),
            new Launch("segment_attention_80", 128, 5 * 64 * 88 * 2),
            new Launch("add_and_normalize", 512, 64),
            new Launch("draw_tokens", 512, (2 * 2048 + 16 * 8 + 1) * 8),
            new Launch("log_probabilities", 512, (2 * 2048 + 16 * 8 + 1) * 8));

    private static final List<Architecture> ARCHITECTURES = List.of(
            new Architecture("sm_80", 2048, 164),
            new Architecture("sm_90a", 2048, 228),
            new Architecture("sm_100", 2048, 228),
            new Architecture("sm_120", 1536, 100));

    private record Launch(String kernel, int threads, int sharedBytes) {}

    /** Of a multiprocessor; all have 65,536 registers, 255 of a thread at the most, and keep 1 KB of shared memory a block. */
    private record Architecture(String name, int threads, int sharedKilobytes) {}

    private AccountingPage() {}

    static List<String> lines() throws IOException {
        List<String> page = new ArrayList<>();
        page.add("# What the kernels move and compute");
        page.add("");
        page.add(
                "Written by `AccountingTest` (`-Dsaccade.write-accounting=true`), which also counts the bytes and operations of each kernel on the");
        page.add(
                "emulated driver at small shapes and finds them equal to the formulas (`KernelCosts`) that are evaluated here. **No figure on this page");
        page.add(
                "was measured on a GPU**; what was is in [README.md](README.md). The 7B model's shape: 28 layers, 3,584 wide, 28 query heads on 4");
        page.add("key-value heads of 128, 18,944 in the MLP, 152,064 tokens.");
        page.add("");
        page.add(
                "Bytes read are those that memory must give: each sector of 32 bytes once a kernel. What blocks of threads ask for again, such as the");
        page.add(
                "rows that every block of a product multiplies, lies in the second-level cache and is not counted. Attention's output, down and the output layer");
        page.add(
                "of more than 16 rows are cuBLAS's, and all products of steps with a prompt's rows; what it moves beyond the least is not known, and");
        page.add("not counted.");
        page.add("");
        decode(page);
        prefill(page);
        occupancy(page);
        return page;
    }

    private static void decode(List<String> page) {
        page.add("## Decode steps");
        page.add("");
        page.add(
                "Least: every weight once, every cached key and value once, those of the new tokens written. Milliseconds: each kernel at the rate of the");
        page.add(
                "card's data sheet, memory or arithmetic, one after the other: a bound that no program with these kernels can beat.");
        page.add("");
        page.add("| sequences x tokens | GB | to the least | TFLOP issued | " + cardNames());
        page.add("|---|---|---|---|" + "---|".repeat(StepCosts.CARDS.size()));
        for (int batch : BATCHES) {
            for (int context : CONTEXTS) {
                StepCosts step = StepCosts.decode(batch, context);
                Cost total = step.total();
                page.add(format(
                        "| %d x %,d | %.2f | %.3f | %.2f |%s",
                        batch,
                        context,
                        total.bytes() / 1e9,
                        total.bytes() / StepCosts.leastBytes(batch, (double) batch * context),
                        total.flops() / 1e12,
                        times(step, step)));
            }
        }
        page.add("");
        page.add(
                "What 128 sequences move beyond the least are activations that one kernel gives to the next, and unmerged pieces of");
        page.add(
                "attention. The second-level cache of these cards (40 MB and more) can keep them; this is not counted on here.");
        page.add("");
        page.add(
                "A layer is seven kernels and products, at every number of rows: norm and residual twice, queries with keys and values (with rotation");
        page.add(
                "and the write to the cache), attention, its output, gate and up with SwiGLU, down. All layers are one graph.");
        page.add("");
    }

    private static void prefill(List<String> page) {
        page.add("## Prefill steps");
        page.add("");
        page.add(
                "Useful: of the operations that attention issues, and that the whole step does, those whose result is used. A tile's rows see");
        page.add(
                "different numbers of tokens: `mma` issues whole 16 x 16 squares; so does the kernel for Hopper on the diagonal, and `wgmma`, which");
        page.add("issues 64 x 64, before it.");
        page.add("");
        page.add("| rows behind tokens | attention, mma | attention, wgmma | step, mma | step, wgmma | TFLOP | "
                + cardNames());
        page.add("|---|---|---|---|---|---|" + "---|".repeat(StepCosts.CARDS.size()));
        for (int rows : CHUNKS) {
            for (int before : PREFIXES) {
                StepCosts plain = StepCosts.prefill(rows, before, false);
                StepCosts hopper = StepCosts.prefill(rows, before, true);
                page.add(format(
                        "| %,d behind %,d | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f |%s",
                        rows,
                        before,
                        share(KernelCosts.pagedAttention(rows, before, StepCosts.HEADS)),
                        share(KernelCosts.hopperAttention(rows, before, StepCosts.HEADS)),
                        share(plain.total()),
                        share(hopper.total()),
                        plain.total().useful() / 1e12,
                        times(plain, hopper)));
            }
        }
        page.add("");
    }

    private static void occupancy(List<String> page) throws IOException {
        List<String> resources = Files.readAllLines(Path.of("src/main/cuda/resources.txt"));
        page.add("## Blocks on a multiprocessor");
        page.add("");
        page.add(
                "By registers (`resources.txt`), threads and shared memory, as the kernels are launched for the 7B model. Nothing spills.");
        page.add("");
        page.add("| kernel | threads | shared memory, bytes | sm_80 | sm_90a | sm_100 | sm_120 |");
        page.add("|---|---|---|---|---|---|---|");
        for (Launch launch : LAUNCHES) {
            StringBuilder row = new StringBuilder(
                    format("| `%s` | %d | %,d |", launch.kernel(), launch.threads(), launch.sharedBytes()));
            for (Architecture architecture : ARCHITECTURES) {
                boolean absent = launch.kernel().startsWith("hopper")
                        && !architecture.name().equals("sm_90a");
                int blocks = absent ? 0 : blocks(launch, architecture, registers(resources, launch, architecture));
                row.append(absent ? " - |" : " " + blocks + " |");
            }
            page.add(row.toString());
        }
    }

    private static int registers(List<String> resources, Launch launch, Architecture architecture) {
        return resources.stream()
                .map(line -> line.trim().split(" +"))
                .filter(parts -> parts[0].equals(launch.kernel()) && parts[1].equals(architecture.name()))
                .mapToInt(parts -> Integer.parseInt(parts[2]))
                .findFirst()
                .orElseThrow();
    }

    /** A warp takes registers by 256. */
    private static int blocks(Launch launch, Architecture architecture, int registers) {
        int warps = launch.threads() / 32;
        int byRegisters = 65_536 / (Math.ceilDiv(registers * 32, 256) * 256) / warps;
        int byThreads = architecture.threads() / launch.threads();
        int byShared = architecture.sharedKilobytes() * 1024 / (launch.sharedBytes() + 1024);
        return Math.min(byRegisters, Math.min(byThreads, byShared));
    }

    private static double share(Cost cost) {
        return 100 * cost.useful() / cost.flops();
    }

    private static String cardNames() {
        StringBuilder names = new StringBuilder();
        StepCosts.CARDS.forEach(card -> names.append(card.name()).append(", ms | "));
        return names.toString().strip();
    }

    private static String times(StepCosts step, StepCosts hopper) {
        StringBuilder times = new StringBuilder();
        for (StepCosts.Card card : StepCosts.CARDS) {
            StepCosts own = card.name().startsWith("H") ? hopper : step;
            times.append(format(" %.2f |", own.seconds(card) * 1e3));
        }
        return times.toString();
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
