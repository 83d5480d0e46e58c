package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed weights on disk: used again, made again where something is wrong with them, and done without. */
class PackFolderTest {

    private static final String IDENTITY = "0123456789abcdef0123456789abcdef";
    private static final int INPUTS = 700;
    private static final int OUTPUTS = 150;

    @TempDir
    Path root;

    private final Tensor tensor = tensor("model.layers.0.mlp.down_proj.weight", 0);
    private final float[] x = row();
    private final float[] expected = inPrivateMemory();

    @Test
    void theSecondStartMapsWhatTheFirstPacked() throws IOException {
        assertThat(multiplyWith(IDENTITY, 0)).isEqualTo(expected);
        FileTime written = Files.getLastModifiedTime(pack());

        // no weights to pack from: only the file can give the right product
        Tensor nothing = new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), MemorySegment.NULL);

        assertThat(multiply(new PackFolder(root, IDENTITY, 0), nothing)).isEqualTo(expected);
        assertThat(Files.getLastModifiedTime(pack())).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, 20, 40, 64, 4096, 100_000})
    void aDamagedPackIsMadeAgain(long at) throws IOException {
        multiplyWith(IDENTITY, 0);
        try (RandomAccessFile file = new RandomAccessFile(pack().toFile(), "rw")) {
            file.seek(at);
            byte[] damage = new byte[40_000];
            Arrays.fill(damage, (byte) 0x55);
            file.write(damage, 0, at < 4096 ? 1 : damage.length);
        }

        assertThat(multiplyWith(IDENTITY, 0)).isEqualTo(expected);
        assertThat(multiply(new PackFolder(root, IDENTITY, 0), tensor)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10, 4096, 50_000})
    void aTruncatedPackIsMadeAgain(long size) throws IOException {
        multiplyWith(IDENTITY, 0);
        try (RandomAccessFile file = new RandomAccessFile(pack().toFile(), "rw")) {
            file.setLength(size);
        }

        assertThat(multiplyWith(IDENTITY, 0)).isEqualTo(expected);
        assertThat(Files.size(pack())).isGreaterThan(2L * INPUTS * OUTPUTS);
    }

    @Test
    void aPackOfOtherWeightsIsNotTaken() throws IOException {
        multiplyWith(IDENTITY, 0);
        Path own = pack();
        byte[] foreign = Files.readAllBytes(own);
        multiplyWith("fedcba9876543210fedcba9876543210", 0);
        Path other =
                files(".pack").filter(file -> !file.equals(own)).findFirst().orElseThrow();

        Files.write(other, foreign);

        assertThat(multiplyWith("fedcba9876543210fedcba9876543210", 0)).isEqualTo(expected);
        assertThat(Files.readAllBytes(other)).isNotEqualTo(foreign);
    }

    @Test
    void whatAKilledProcessLeavesIsIgnoredAndDeletedAfterADay() throws IOException {
        multiplyWith(IDENTITY, 0);
        Path young = Files.write(pack().resolveSibling("draft1"), new byte[5_000]);
        Path old = Files.write(pack().resolveSibling("draft2"), new byte[5_000]);
        Files.delete(pack());
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(90_000)));

        assertThat(multiplyWith(IDENTITY, 0)).isEqualTo(expected);
        assertThat(young).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void twoProcessesMayPackAtOnce() throws IOException {
        CompletableFuture<float[]> other = CompletableFuture.supplyAsync(() -> multiplyWith(IDENTITY, 0));

        assertThat(multiplyWith(IDENTITY, 0)).isEqualTo(expected);
        assertThat(other.join()).isEqualTo(expected);
        assertThat(files(".pack")).hasSize(1);
        assertThat(files("")).noneMatch(file -> file.getFileName().toString().startsWith("draft"));
    }

    @Test
    void aFullDiskCostsTheFileAndNothingElse() throws IOException {
        assertThat(multiplyWith(IDENTITY, Long.MAX_VALUE / 2)).isEqualTo(expected);
        assertThat(files(".pack")).isEmpty();
    }

    @Test
    void aFolderThatIsAFileCostsTheFileAndNothingElse() throws IOException {
        Path file = Files.write(root.resolve("file"), new byte[1]);

        assertThat(multiply(new PackFolder(file, IDENTITY, 0), tensor)).isEqualTo(expected);
    }

    @Test
    void packsThatWereUsedLongestAgoGoFirst() throws IOException {
        for (String identity : List.of("a".repeat(32), "b".repeat(32), "c".repeat(32))) {
            multiplyWith(identity, 0);
        }
        List<Path> folders = Stream.of("a", "b", "c")
                .map(name -> root.resolve(name.repeat(32) + "-v" + PackFile.LAYOUT))
                .toList();
        for (int i = 0; i < 3; i++) { // c, a, b
            FileTime used = FileTime.from(Instant.now().minusSeconds(3_600L * (3 - (i + 1) % 3)));
            Files.setLastModifiedTime(folders.get(i).resolve("used"), used);
        }
        long each = Files.size(files(".pack").findFirst().orElseThrow());

        new PackCleaning(root, 2 * each + 1_000, Instant.EPOCH).run(folders.get(2));
        assertThat(folders.get(0)).doesNotExist();
        assertThat(folders.get(1)).exists();

        new PackCleaning(root, 0, Instant.EPOCH).run(folders.get(2));
        assertThat(folders.get(1)).doesNotExist();
        assertThat(folders.get(2)).as("the one in use").exists();
    }

    @Test
    void weightsThatAreNotNumbersAreRefusedByName() throws IOException {
        Tensor broken = tensor("model.layers.3.self_attn.q_proj.weight", 0x7fc0);
        Tensor infinite = tensor("model.layers.4.self_attn.q_proj.weight", 0xff80);

        assertThatThrownBy(() -> multiply(new PackFolder(root, IDENTITY, 0), broken))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("model.layers.3.self_attn.q_proj.weight holds NaN or infinite weights");
        assertThatThrownBy(() -> multiply(new PackFolder(root, IDENTITY, 0), infinite))
                .hasMessageContaining("model.layers.4.self_attn.q_proj.weight");
        assertThatThrownBy(() -> new PackFolder(root, IDENTITY, 0).requireFinite(broken))
                .hasMessageContaining("model.layers.3.self_attn.q_proj.weight");
        assertThat(files(".pack")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void weightsThatAreNotNumbersAreRefusedInEveryPrecision(Precision precision) {
        Tensor broken = tensor("visual.merger.mlp.0.weight", 0x7fc0);
        try (CpuDevice device = new CpuDevice(precision, 2)) {
            assertThatThrownBy(() -> device.matrix(List.of(tensor, broken))).hasMessageContaining(broken.name());
            assertThatThrownBy(() -> device.vector(List.of(tensor, broken))).hasMessageContaining(broken.name());
            assertThatThrownBy(() -> device.table(broken)).hasMessageContaining(broken.name());
        }
    }

    private float[] multiplyWith(String identity, long reserve) {
        return multiply(new PackFolder(root, identity, reserve), tensor);
    }

    private float[] inPrivateMemory() {
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, 2)) {
            return multiply(device, tensor);
        }
    }

    /** A whole life of a device; when it is closed, its files are complete. */
    private float[] multiply(PackFolder packs, Tensor weights) {
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, 2, true, packs, null)) {
            return multiply(device, weights);
        }
    }

    private float[] multiply(CpuDevice device, Tensor weights) {
        Matrix matrix = device.matrix(List.of(weights));
        DeviceBuffer out = device.allocate(OUTPUTS);
        device.linear(new CpuBuffer(x), RowKinds.ofAnswers(1), matrix, null, out);
        return CpuBuffer.of(out).values().clone();
    }

    private Path pack() throws IOException {
        return files(".pack").findFirst().orElseThrow();
    }

    private Stream<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(suffix))
                    .toList()
                    .stream();
        }
    }

    private static float[] row() {
        float[] x = new float[INPUTS];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i % 13 - 6) * 0.1f;
        }
        return x;
    }

    /** @param odd bits of one of the weights; 0 for an ordinary one */
    private static Tensor tensor(String name, int odd) {
        Random random = new Random(11);
        MemorySegment data = MemorySegment.ofArray(new byte[2 * OUTPUTS * INPUTS]);
        for (int i = 0; i < OUTPUTS * INPUTS; i++) {
            short bits = (short) Lanes.toBfloat16((float) random.nextGaussian());
            data.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, i == 77_777 && odd != 0 ? (short) odd : bits);
        }
        return new Tensor(name, DType.BF16, new int[] {OUTPUTS, INPUTS}, data);
    }
}
