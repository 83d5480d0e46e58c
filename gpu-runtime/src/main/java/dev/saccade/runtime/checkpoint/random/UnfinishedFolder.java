package dev.saccade.runtime.checkpoint.random;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that gets its name when it is complete: until then it lies beside it, and it goes when it is closed before, or
 * when the process is told to end.
 */
final class UnfinishedFolder implements AutoCloseable {

    private final Path target;
    private final Path folder;
    private final Thread onExit = new Thread(this::delete, "saccade-remove-unfinished");

    private UnfinishedFolder(Path target, Path folder) {
        this.target = target;
        this.folder = folder;
    }

    /**
     * Begins a folder beside {@code target}, which must not exist or be empty.
     *
     * @throws FileSystemException where it holds something
     */
    static UnfinishedFolder besides(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        requireEmpty(absolute);
        Path parent = absolute.getParent();
        Files.createDirectories(parent == null ? absolute : parent);
        Path folder = Files.createDirectory(absolute.resolveSibling(absolute.getFileName() + ".unfinished-"
                + ProcessHandle.current().pid()));
        UnfinishedFolder unfinished = new UnfinishedFolder(absolute, folder);
        Runtime.getRuntime().addShutdownHook(unfinished.onExit);
        return unfinished;
    }

    static void requireEmpty(Path target) throws IOException {
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                if (files.findAny().isPresent()) {
                    throw new FileSystemException(
                            target.toString(), null, "the folder isn't empty; name one that doesn't exist yet");
                }
            }
        } else if (Files.exists(target)) {
            throw new FileSystemException(target.toString(), null, "it is a file; name a folder");
        }
    }

    Path path() {
        return folder;
    }

    /** Gives the complete folder its name. */
    void publish() throws IOException {
        try {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
            throw new FileSystemException(
                    target.toString(), null, "something else was put there while the checkpoint was made");
        }
    }

    /** Removes what was not published. */
    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) { // the process is ending, and the hook does the same
            log(e);
        }
    }

    private void delete() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) { // the hook and the command may both be at it
            log(e);
        } catch (IOException e) {
            log(e);
        }
    }

    private static void log(Exception e) {
        System.getLogger(UnfinishedFolder.class.getName())
                .log(System.Logger.Level.DEBUG, "an unfinished checkpoint was left behind", e);
    }
}
