package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.FiniteWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's packed weights on disk, a {@link PackFile} for each matrix, so that the next start maps them instead of
 * packing, and memory pressure drops pages instead of swapping.
 *
 * <p>Files appear under their names complete or not at all, so processes may pack the same checkpoint at once and a
 * killed one leaves nothing wrong behind. Where the disk is full or the folder can't be written, weights are packed into
 * private memory instead.
 *
 * <p>The folder is {@code saccade/packs} in {@code $XDG_CACHE_HOME} or {@code ~/.cache}; the system property {@code
 * saccade.packs} names another or is {@code off}.
 */
final class PackFolder implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(PackFolder.class.getName());
    private static final String SETTING = "saccade.packs";

    /** Left free on the disk for others. */
    private static final long RESERVE_BYTES = 1L << 30;

    private final Path folder;
    private final String identity;
    private final long reserve;
    private final ExecutorService publisher = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("saccade-packs").factory());
    private boolean usable = true;

    /** @param identity of the checkpoint's weights */
    PackFolder(Path root, String identity, long reserve) {
        this.folder = root.resolve(identity.substring(0, Math.min(32, identity.length())) + "-v" + PackFile.LAYOUT);
        this.identity = identity;
        this.reserve = reserve;
        try {
            Files.createDirectories(folder);
            PackCleaning.markUsed(folder);
        } catch (IOException e) {
            giveUp("can't be written", e);
        }
        publisher.execute(() -> PackCleaning.ofUser(root).run(folder));
    }

    /** Null where packs are switched off. */
    @SuppressWarnings("MustBeClosedChecker")
    static @Nullable PackFolder of(String identity) {
        String setting = System.getProperty(SETTING, "");
        if (setting.equals("off")) {
            return null;
        }
        return new PackFolder(setting.isBlank() ? ofUser() : Path.of(setting), identity, RESERVE_BYTES);
    }

    private static Path ofUser() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path cache = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(configured);
        return cache.resolve("saccade").resolve("packs");
    }

    /**
     * The matrix in bf16, mapped from its file, which is written first where there is none.
     *
     * @throws dev.saccade.runtime.ModelException {@code not-finite} where a weight is NaN or infinite
     */
    PackedMatrix matrix(List<Tensor> stacked, ComputePool pool, Arena arena) {
        MatrixPacker packer = new MatrixPacker(stacked, true);
        byte[] key = key(stacked);
        Path file = folder.resolve(HexFormat.of().formatHex(key) + ".pack");
        MemorySegment known = usable ? open(file, key, packer.bytes(), arena) : null;
        if (known != null) {
            MemoryAdvice.willNeed(known);
            return packer.matrix(known);
        }
        MemorySegment written = usable ? write(file, key, packer, pool, arena) : null;
        if (written == null) {
            return packer.packInto(arena.allocate(packer.bytes(), 64), pool);
        }
        stacked.forEach(tensor -> MemoryAdvice.dropPages(tensor.data())); // or both copies would fill the memory
        return packer.matrix(written);
    }

    /** Checks a table's rows for NaN and infinity, once for all starts. */
    void requireFinite(Tensor table) {
        Path mark = folder.resolve(HexFormat.of().formatHex(key(List.of(table))) + ".finite");
        if (!Files.exists(mark)) {
            FiniteWeights.require(table);
            try {
                Files.createFile(mark);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the check can't be remembered; the next start repeats it");
            }
        }
    }

    private @Nullable MemorySegment open(Path file, byte[] key, long bytes, Arena arena) {
        try {
            MemorySegment data = PackFile.open(file, key, bytes, arena);
            if (data == null) {
                LOG.log(Level.WARNING, "The pack file {0} is damaged; it is made again", file);
                Files.deleteIfExists(file);
            }
            return data;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            giveUp("can't be read", e);
            return null;
        }
    }

    private @Nullable MemorySegment write(Path file, byte[] key, MatrixPacker packer, ComputePool pool, Arena arena) {
        Path draft = null;
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < packer.bytes() + reserve) {
                giveUp("has only " + (free >> 20) + " MiB left", null);
                return null;
            }
            draft = Files.createTempFile(folder, PackCleaning.DRAFT, "");
            MemorySegment data = PackFile.write(draft, key, packer, pool, arena);
            Path complete = draft;
            draft = null;
            publisher.execute(() -> publish(complete, file));
            return data;
        } catch (IOException e) {
            giveUp("can't be written", e);
            return null;
        } finally {
            PackCleaning.delete(draft);
        }
    }

    /** Gives a complete file its name when it is on the disk. What is mapped already stays mapped. */
    private static void publish(Path draft, Path file) {
        try {
            PackFile.force(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "Packed weights can't be kept; the next start packs them again ({0})", e.toString());
            PackCleaning.delete(draft);
        }
    }

    private void giveUp(String why, @Nullable IOException cause) {
        usable = false;
        LOG.log(
                Level.WARNING,
                "The folder for packed weights, {0}, {1}; weights are packed into private memory at each start. "
                        + "Name another folder by -D" + SETTING + "=DIR. {2}",
                folder,
                why,
                cause == null ? "" : cause.toString());
    }

    private byte[] key(List<Tensor> stacked) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update((identity + "\n" + PackFile.LAYOUT + "\n").getBytes(StandardCharsets.UTF_8));
            for (Tensor tensor : stacked) {
                String line = tensor.name() + " " + tensor.dtype() + " " + Arrays.toString(tensor.shape()) + "\n";
                sha.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return sha.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    /** Waits until what was packed is on the disk. */
    @Override
    public void close() {
        publisher.close();
    }
}
