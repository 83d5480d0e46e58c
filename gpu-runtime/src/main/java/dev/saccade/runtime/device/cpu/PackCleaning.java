package dev.saccade.runtime.device.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps packed weights within a budget: when an engine opens, the checkpoints that were used longest ago lose their packs
 * until the rest fits, never the one that is being opened. Drafts of killed processes go after a day. A pack that another
 * process has mapped stays usable to it. The budget is 100 GiB, or as many as the system property {@code
 * saccade.packs.gib} says.
 */
record PackCleaning(Path root, long budget, Instant draftsBefore) {

    static final String DRAFT = "draft";

    private static final System.Logger LOG = System.getLogger(PackCleaning.class.getName());
    private static final String USED = "used";
    private static final long DEFAULT_GIB = 100;

    static PackCleaning ofUser(Path root) {
        long gib = Long.getLong("saccade.packs.gib", DEFAULT_GIB);
        return new PackCleaning(root, gib << 30, Instant.now().minus(Duration.ofDays(1)));
    }

    /** A checkpoint's packs. */
    private record Pack(Path folder, Instant used, long bytes) {}

    static void markUsed(Path folder) throws IOException {
        Path mark = folder.resolve(USED);
        if (!Files.exists(mark)) {
            Files.write(mark, new byte[0]);
        }
        Files.setLastModifiedTime(mark, FileTime.from(Instant.now()));
    }

    static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "{0} can't be deleted", file);
            }
        }
    }

    /** @param current is kept whatever its size */
    void run(Path current) {
        try {
            List<Pack> packs = new ArrayList<>();
            for (Path folder : list(root)) {
                if (Files.isDirectory(folder)) {
                    packs.add(look(folder));
                }
            }
            long bytes = packs.stream().mapToLong(Pack::bytes).sum();
            packs.sort(Comparator.comparing(Pack::used));
            for (Pack pack : packs) {
                if (bytes > budget && !pack.folder().equals(current)) {
                    list(pack.folder()).forEach(PackCleaning::delete);
                    delete(pack.folder());
                    bytes -= pack.bytes();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.DEBUG, "old packs can't be looked through: {0}", e.toString());
        }
    }

    private Pack look(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : list(folder)) {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            if (file.getFileName().toString().startsWith(DRAFT) && changed.isBefore(draftsBefore)) {
                delete(file);
            } else {
                bytes += Files.size(file);
            }
        }
        Path mark = folder.resolve(USED);
        Path dated = Files.exists(mark) ? mark : folder;
        return new Pack(folder, Files.getLastModifiedTime(dated).toInstant(), bytes);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
