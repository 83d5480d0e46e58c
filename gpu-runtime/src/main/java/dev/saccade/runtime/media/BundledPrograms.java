package dev.saccade.runtime.media;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.stream.Stream;

/**
 * Unpacks the ffmpeg programs of {@code org.bytedeco:ffmpeg} into a cache folder.
 *
 * <p>JavaCPP's own loader is not used for it: it would load the libraries into this process too, and it fails on
 * machines without PulseAudio. The programs link to sound and screen-capture libraries that a server rarely has. They
 * are never called here and are bound lazily, so any library may stand in under their names: a symbolic link to one
 * from the same jar. Only its names are looked for; the loader's remark on missing versions is harmless.
 */
final class BundledPrograms {

    static final String LIBRARY_PATH = "LD_LIBRARY_PATH";

    private static final String STAND_IN = "libdrm.so.2";

    private static final List<String> UNUSED_LIBRARIES =
            List.of("libpulse.so.0", "libasound.so.2", "libxcb.so.1", "libxcb-shm.so.0", "libudev.so.1");

    /** The folder with the programs and all that they link to. */
    static Path unpack(String platform) throws IOException {
        String prefix = "org/bytedeco/ffmpeg/" + platform + "/";
        URL program = BundledPrograms.class.getClassLoader().getResource(prefix + "ffmpeg");
        if (program == null || !(program.openConnection() instanceof JarURLConnection connection)) {
            throw new NoSuchFileException(prefix + "ffmpeg");
        }
        List<JarEntry> entries = connection.getJarFile().stream()
                .filter(entry -> isNeeded(entry, prefix))
                .toList();
        Path cache = cacheFolder();
        Path folder = cache.resolve("ffmpeg-" + Long.toHexString(fingerprint(entries)));
        if (!Files.isDirectory(folder)) {
            Path unfinished = Files.createTempDirectory(cache, "unpacking-");
            for (JarEntry entry : entries) {
                copy(connection, entry, unfinished.resolve(entry.getName().substring(prefix.length())));
            }
            addStandIns(unfinished);
            publish(unfinished, folder);
        }
        return folder;
    }

    private static boolean isNeeded(JarEntry entry, String prefix) {
        String name = entry.getName();
        return name.startsWith(prefix)
                && !entry.isDirectory()
                && name.indexOf('/', prefix.length()) < 0
                && !name.startsWith("libjni", prefix.length());
    }

    private static long fingerprint(List<JarEntry> entries) {
        long fingerprint = 0;
        for (JarEntry entry : entries) {
            fingerprint = 31 * (31 * fingerprint + entry.getName().hashCode()) + entry.getCrc();
        }
        return fingerprint;
    }

    private static Path cacheFolder() throws IOException {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path home = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        try {
            return Files.createDirectories(home.resolve("saccade"));
        } catch (IOException e) {
            // A read-only home, as in a locked-down container.
            Path folder = Files.createTempDirectory("saccade-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteAll(folder)));
            return folder;
        }
    }

    private static void copy(JarURLConnection connection, JarEntry entry, Path file) throws IOException {
        try (InputStream in = connection.getJarFile().getInputStream(entry)) {
            Files.copy(in, file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void addStandIns(Path folder) throws IOException {
        if (Files.exists(folder.resolve(STAND_IN))) {
            for (String library : UNUSED_LIBRARIES) {
                Files.createSymbolicLink(folder.resolve(library), Path.of(STAND_IN));
            }
        }
    }

    /** Another process may have been faster: then its folder stays. */
    private static void publish(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
            deleteAll(unfinished);
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    private static void deleteAll(Path folder) {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(files::add);
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(BundledPrograms.class.getName())
                    .log(System.Logger.Level.DEBUG, "an unpacked decoder was left behind", e);
        }
    }

    private BundledPrograms() {}
}
