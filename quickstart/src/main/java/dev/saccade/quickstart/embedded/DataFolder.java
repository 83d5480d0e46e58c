package dev.saccade.quickstart.embedded;

import dev.saccade.quickstart.StartupException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The folder in which a quickstart keeps everything. It is readable by its owner only, and locked while it is open, so
 * that two quickstarts never write to the same files.
 *
 * <p>Layout: {@code postgres/}, {@code broker/}, {@code objects/}, {@code logs/}, {@code cache/} and {@code secrets/}
 * (one file each, mode 0600).
 */
public final class DataFolder implements AutoCloseable {

    static {
        // Derby boots with the first JDBC connection to anything and would write derby.log into the working folder.
        System.setProperty(
                "derby.stream.error.method", "org.apache.qpid.server.store.derby.DerbyUtils.getDerbyLogWriter");
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path root;
    private final FileChannel lockFile;

    private DataFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Opens the folder and creates it where it is missing. Throws when it is in use or can't be written. */
    public static DataFolder open(Path folder) throws StartupException {
        Path root = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
                ownerOnly(root, "rwx------");
            }
            root = root.toRealPath();
            return new DataFolder(root, lock(root));
        } catch (IOException e) {
            throw cannotWrite(root, e);
        }
    }

    private static FileChannel lock(Path root) throws IOException, StartupException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // The holder is this JVM; the outcome is the same as with another process.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new StartupException("The data folder " + root
                    + " is in use by another Saccade; stop that one, or choose another folder with --data.");
        }
        return channel;
    }

    /** The sentence for a folder that can't be written, which names a full disk where that is the reason. */
    public static StartupException cannotWrite(Path folder, IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.contains("No space left")
                ? new StartupException("The disk that holds " + folder + " is full; free some space and try again.", e)
                : new StartupException(
                        "The data folder " + folder + " can't be written (" + plainReason(e)
                                + "); choose another folder with --data, or change its permissions.",
                        e);
    }

    private static String plainReason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists -> "it is a file";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    public Path root() {
        return root;
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    public Path broker() {
        return root.resolve("broker");
    }

    public Path objects() {
        return root.resolve("objects");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path mediaCache() {
        return root.resolve("cache");
    }

    /** The secret of this name: read where it exists, else made from 32 random bytes and kept. */
    public String secret(String name) throws StartupException {
        return secret(name, DataFolder::randomSecret);
    }

    /** The secret of this name: read where it exists, else made by {@code creator} and kept. */
    public String secret(String name, Supplier<String> creator) throws StartupException {
        Path folder = root.resolve("secrets");
        Path file = folder.resolve(name);
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            Files.createDirectories(folder);
            ownerOnly(folder, "rwx------");
            String secret = creator.get();
            // Written beside and moved, so that a kill can't leave half a secret.
            Path half = Files.createTempFile(folder, name, ".new");
            ownerOnly(half, "rw-------");
            Files.writeString(half, secret + "\n");
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            return secret;
        } catch (IOException e) {
            throw cannotWrite(root, e);
        }
    }

    public static String randomSecret() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** 256 random bits in base64, as ciphers are given them. */
    public static String randomKey() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void ownerOnly(Path path, String permissions) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    /** Deletes a folder with everything in it; a missing folder is no error. */
    public static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Unlocks the folder; its content stays. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
