package dev.saccade.runtime.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.saccade.runtime.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The one place that loads DJL's native library. It comes out of the jar, never from the network, and is unpacked into
 * {@code $XDG_CACHE_HOME/saccade/native}, {@code ~/.cache/saccade/native}, or, where neither can be written, into a
 * private temporary folder that goes away with the process. {@code ENGINE_CACHE_DIR} chooses another folder.
 */
final class NativeTokenizers {

    private static final String CACHE = "ENGINE_CACHE_DIR";
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private NativeTokenizers() {}

    static HuggingFaceTokenizer open(byte[] tokenizerJson) {
        prepare();
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(tokenizerJson), OPTIONS);
        } catch (IOException | RuntimeException e) {
            throw new ModelException(
                    "unsupported-tokenizer", "tokenizer.json can't be read as a Hugging Face tokenizer.", e);
        } catch (LinkageError e) {
            throw new ModelException(
                    "tokenizer-library",
                    "The tokenizer's native library can't be loaded: it needs glibc 2.34 or newer and a cache folder that"
                            + " allows programs; set the environment variable ENGINE_CACHE_DIR to such a folder.",
                    e);
        }
    }

    private static synchronized void prepare() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        if (System.getenv(CACHE) != null || System.getProperty(CACHE) != null) {
            return;
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path root =
                xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home", "."), ".cache") : Path.of(xdg);
        System.setProperty(CACHE, cacheFolder(root).toString());
    }

    /** The cache folder below {@code root}; a private temporary folder where that can't be written. */
    static Path cacheFolder(Path root) {
        Path folder = root.resolve("saccade").resolve("native");
        try {
            Files.createDirectories(folder);
            if (Files.isWritable(folder)) {
                return folder;
            }
        } catch (IOException e) {
            // a read-only home is no error: the library is unpacked anew for each process
        }
        try {
            Path temporary = Files.createTempDirectory("saccade-native");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(temporary)));
            return temporary;
        } catch (IOException e) {
            throw new ModelException(
                    "no-cache-folder",
                    "Neither the home folder's cache nor the temporary folder can be written; set the environment variable"
                            + " ENGINE_CACHE_DIR to a folder that can.",
                    e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.toList().reversed();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // the process is ending; the system clears its temporary folder
        }
    }
}
