package dev.saccade.quickstart.embedded;

import dev.saccade.quickstart.StartupException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's own programs from the zonky jar on the class path, unpacked once (60 MB, 2 s) into a cache folder that
 * later starts share.
 */
final class PostgresBinaries {

    private static final Map<String, String> ARCHITECTURES =
            Map.of("amd64", "x86_64", "x86_64", "x86_64", "aarch64", "arm_64", "arm64", "arm_64");

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    static PostgresBinaries unpacked(Path cache) throws StartupException {
        String resource = resourceName();
        URL url = PostgresBinaries.class.getResource(resource);
        if (url == null) {
            throw new StartupException("This build carries no PostgreSQL for " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch") + "; use Linux on x86-64.");
        }
        try {
            Path home = cache.resolve("postgres-" + key(url));
            if (!Files.isDirectory(home)) {
                unpack(url, cache, home);
            }
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw DataFolder.cannotWrite(cache, e);
        }
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    private static String resourceName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch");
        return "/postgres-%s-%s.txz"
                .formatted(
                        os.startsWith("mac") ? "darwin" : "linux",
                        ARCHITECTURES.getOrDefault(architecture, architecture));
    }

    /** Names one build of the archive without reading its 15 MB. */
    private static String key(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        return connection instanceof JarURLConnection jar
                ? "%x-%d"
                        .formatted(jar.getJarEntry().getCrc(), jar.getJarEntry().getSize())
                : Long.toString(connection.getContentLengthLong());
    }

    private static void unpack(URL url, Path cache, Path home) throws IOException {
        Files.createDirectories(cache);
        Path half = Files.createTempDirectory(cache, "unpacking");
        try (InputStream in = new BufferedInputStream(url.openStream(), 1 << 16);
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                place(half, entry, tar);
            }
            Files.move(half, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            // Another start was quicker; its copy is as good.
        } finally {
            DataFolder.deleteTree(half);
        }
    }

    private static void place(Path base, TarArchiveEntry entry, InputStream content) throws IOException {
        Path target = base.resolve(entry.getName()).normalize();
        if (!target.startsWith(base)) {
            throw new IOException("The archive of PostgreSQL holds a path outside itself");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, target);
            if ((entry.getMode() & 0111) != 0) {
                Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(target));
                permissions.add(PosixFilePermission.OWNER_EXECUTE);
                Files.setPosixFilePermissions(target, permissions);
            }
        }
    }
}
