package dev.saccade.worker.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A checkpoint's folder on a shared volume. Files get their names when they are right, and the folder its mark when all are, so
 * that a process that was killed leaves nothing that a worker would take.
 */
final class CheckpointFolder {

    private static final String MARK = ".complete";
    private static final String DRAFT = ".part";

    private final Path folder;
    private final Checksums expected;
    private final Consumer<String> log;

    /** @param log gets a sentence for each thing that is done */
    CheckpointFolder(Path folder, Checksums expected, Consumer<String> log) {
        this.folder = folder;
        this.expected = expected;
        this.log = log;
    }

    /** Brings what is missing; what is there with the right digest stays. */
    void fetch(CheckpointSource source) throws IOException {
        if (isComplete()) {
            log.accept(folder + " is complete already.");
            return;
        }
        Files.createDirectories(folder);
        for (var file : expected.files().entrySet()) {
            fetch(source, file.getKey(), file.getValue());
        }
        Path draft = folder.resolve(MARK + DRAFT);
        Files.writeString(draft, expected.all());
        Files.move(draft, folder.resolve(MARK), StandardCopyOption.ATOMIC_MOVE);
        log.accept(folder + " is complete: " + expected.files().size() + " files.");
    }

    private void fetch(CheckpointSource source, String name, String digest) throws IOException {
        Path file = folder.resolve(name);
        if (Files.exists(file) && digest.equals(digestOf(file))) {
            log.accept(name + " is there already.");
            return;
        }
        Path draft = folder.resolve("." + name + DRAFT);
        String found;
        try (InputStream from = source.open(name);
                OutputStream to = Files.newOutputStream(draft)) {
            found = Checksums.copy(from, to);
        }
        if (!found.equals(digest)) {
            Files.delete(draft);
            throw wrong(
                    name,
                    digest,
                    found,
                    "what was fetched is thrown away. Correct model.checksums if you trust"
                            + " the source, else fetch from another one");
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        log.accept(name + " is fetched, " + Files.size(file) + " bytes.");
    }

    /** Reads all files and compares them. */
    void verify() throws IOException {
        requireFiles();
        for (var file : expected.files().entrySet()) {
            String found = digestOf(folder.resolve(file.getKey()));
            if (!found.equals(file.getValue())) {
                throw wrong(
                        file.getKey(),
                        file.getValue(),
                        found,
                        "copy it onto the volume again, or correct" + " model.checksums");
            }
            log.accept(file.getKey() + " is right.");
        }
    }

    /** @throws UnusableCheckpointException where a file is not there at all */
    void requireFiles() {
        if (!Files.isDirectory(folder)) {
            throw new UnusableCheckpointException("There is no folder " + folder + " on the model's volume: copy the"
                    + " checkpoint there, or correct model.name or model.volume.existingClaim.");
        }
        for (String name : expected.files().isEmpty()
                ? Set.of("config.json")
                : expected.files().keySet()) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new UnusableCheckpointException("The folder " + folder + " has no " + name
                        + ": copy the whole checkpoint there, or correct model.name.");
            }
        }
    }

    /** Whether {@link #fetch} came to its end here, for these checksums. */
    boolean isComplete() throws IOException {
        Path mark = folder.resolve(MARK);
        return Files.exists(mark) && Files.readString(mark).equals(expected.all());
    }

    private static String digestOf(Path file) throws IOException {
        try (InputStream from = Files.newInputStream(file)) {
            return Checksums.copy(from, OutputStream.nullOutputStream());
        }
    }

    private static UnusableCheckpointException wrong(String name, String digest, String found, String mend) {
        return new UnusableCheckpointException(
                name + " has the SHA-256 " + found + " and should have " + digest + ": " + mend + ".");
    }
}
