package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The digest that names a checkpoint's content: SHA-256 over a line "name size sha256" for each file, in name order.
 *
 * <p>Every byte of every file counts. Reading 15 GB takes about a minute, so it happens on a daemon thread of its own, and
 * the digest of a file above 64 MiB is remembered by {@link DigestCache}, whose caveat applies: a file that is changed
 * while its path, size, identity and modification time stay the same keeps its old digest.
 */
final class Fingerprint {

    private static final List<String> SMALL_FILES = List.of(
            "config.json",
            "generation_config.json",
            "preprocessor_config.json",
            "processor_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.json",
            "chat_template.jinja",
            "model.safetensors.index.json");
    private static final int BUFFER_BYTES = 1 << 20;

    private final CompletableFuture<String> digest = new CompletableFuture<>();
    private final DigestCache cache = DigestCache.ofUser();

    private Fingerprint() {}

    static Fingerprint start(Path dir, List<Path> weights) {
        List<Path> files = new ArrayList<>(weights);
        SMALL_FILES.stream().map(dir::resolve).filter(Files::isRegularFile).forEach(files::add);
        files.sort(null);
        Fingerprint fingerprint = new Fingerprint();
        Thread.ofPlatform().daemon().name("saccade-fingerprint").start(() -> fingerprint.compute(files));
        return fingerprint;
    }

    String get() {
        try {
            return digest.join();
        } catch (CompletionException | CancellationException e) {
            if (e.getCause() instanceof ModelException model) {
                throw model;
            }
            throw new ModelException("closed", "The model was closed while its fingerprint was computed.", e);
        }
    }

    void cancel() {
        digest.cancel(false);
    }

    private void compute(List<Path> files) {
        try {
            StringBuilder lines = new StringBuilder();
            for (Path file : files) {
                lines.append(file.getFileName())
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(cache.digest(file, this::hash))
                        .append('\n');
            }
            digest.complete(hex(sha256().digest(lines.toString().getBytes(StandardCharsets.UTF_8))));
        } catch (IOException e) {
            digest.completeExceptionally(new ModelException(
                    "unreadable-file", "A file of the model folder can't be read; check its permissions.", e));
        } catch (RuntimeException | Error e) {
            digest.completeExceptionally(e);
        }
    }

    /** SHA-256 of a file; stops early when nobody waits for it any more. */
    private String hash(Path file) throws IOException {
        MessageDigest sha = sha256();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                if (digest.isDone()) {
                    throw new CancellationException();
                }
                sha.update(buffer.flip());
                buffer.clear();
            }
        }
        return hex(sha.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
