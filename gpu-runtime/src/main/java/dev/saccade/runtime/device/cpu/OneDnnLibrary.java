package dev.saccade.runtime.device.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Unpacks and opens the libraries of {@code org.bytedeco:dnnl}, once for each process and only when asked for. */
final class OneDnnLibrary {

    private static final System.Logger LOG = System.getLogger(OneDnnLibrary.class.getName());

    /** oneDNN first looks for a libgomp.so.1 that is loaded already. */
    private static final String OPENMP = "libgomp.so.1";

    private static final String ONEDNN = "libdnnl.so.3";

    private static final class Holder {
        static final @Nullable OneDnnLibrary INSTANCE = open();
    }

    private final SymbolLookup openMp;
    private final SymbolLookup oneDnn;

    private OneDnnLibrary(SymbolLookup openMp, SymbolLookup oneDnn) {
        this.openMp = openMp;
        this.oneDnn = oneDnn;
    }

    /** Null where there is none for this platform; the log says why. */
    static @Nullable OneDnnLibrary get() {
        return Holder.INSTANCE;
    }

    MethodHandle openMp(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(openMp.findOrThrow(name), type);
    }

    MethodHandle oneDnn(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(oneDnn.findOrThrow(name), type);
    }

    @SuppressWarnings("restricted") // native access is granted wherever the engine runs
    private static @Nullable OneDnnLibrary open() {
        try {
            Path openMp = unpack(OPENMP);
            Path oneDnn = unpack(ONEDNN);
            Arena forever = Arena.global();
            return new OneDnnLibrary(
                    SymbolLookup.libraryLookup(openMp, forever), SymbolLookup.libraryLookup(oneDnn, forever));
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.log(Level.INFO, "oneDNN is not available here; large products stay in Java ({0})", e.toString());
            return null;
        }
    }

    private static Path unpack(String library) throws IOException {
        String resource = "org/bytedeco/dnnl/" + platform() + "/" + library;
        URL url = OneDnnLibrary.class.getClassLoader().getResource(resource);
        if (url == null) {
            throw new NoSuchFileException(resource);
        }
        URLConnection connection = url.openConnection();
        Path folder =
                Files.createDirectories(cache().resolve("onednn-" + Long.toHexString(connection.getLastModified())));
        Path file = folder.resolve(library);
        if (!Files.exists(file) || Files.size(file) != connection.getContentLengthLong()) {
            Path unfinished = Files.createTempFile(folder, library, ".unfinished");
            try (InputStream in = connection.getInputStream()) {
                Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return file;
    }

    private static Path cache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path home = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return home.resolve("saccade");
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return (system.startsWith("linux") ? "linux" : system)
                + "-"
                + (processor.equals("amd64") ? "x86_64" : processor);
    }
}
