package dev.saccade.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

    private static String fingerprint(Path dir) {
        try (Checkpoint checkpoint = Checkpoint.open(dir)) {
            return checkpoint.fingerprint();
        }
    }

    @Test
    void aCopyHasTheSameAndOneBitOfOneWeightChangesIt(@TempDir Path dir) throws IOException {
        ModelFolder folder = ModelFolder.copyTo(dir);
        String before = fingerprint(dir);
        assertThat(before).matches("[0-9a-f]{64}").isEqualTo(fingerprint(dir));

        FileTime modified = Files.getLastModifiedTime(folder.file(ModelFolder.WEIGHTS));
        try (RandomAccessFile file =
                new RandomAccessFile(folder.file(ModelFolder.WEIGHTS).toFile(), "rw")) {
            file.seek(9_000_001);
            int old = file.read();
            file.seek(9_000_001);
            file.write(old ^ 1);
        }
        Files.setLastModifiedTime(folder.file(ModelFolder.WEIGHTS), modified);

        assertThat(fingerprint(dir)).isNotEqualTo(before);
    }

    @Test
    void aChangedTemplateChangesIt(@TempDir Path dir) throws IOException {
        ModelFolder folder = ModelFolder.copyTo(dir);
        String before = fingerprint(dir);

        folder.write("chat_template.jinja", "{{ messages }}");

        assertThat(fingerprint(dir)).isNotEqualTo(before);
    }

    @Test
    void digestsOfLargeFilesAreRememberedUntilTheFileChanges(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("weights"), "one");
        DigestCache cache = new DigestCache(dir.resolve("cache"), 1);
        AtomicInteger reads = new AtomicInteger();
        DigestCache.Hash hash = path -> {
            reads.incrementAndGet();
            return Fingerprint.hex(Fingerprint.sha256().digest(Files.readAllBytes(path)));
        };

        String first = cache.digest(file, hash);
        assertThat(cache.digest(file, hash)).isEqualTo(first);
        assertThat(reads).hasValue(1);

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        assertThat(cache.digest(file, hash)).isNotEqualTo(first);
        assertThat(reads).hasValue(2);
    }

    @Test
    void aDamagedMemoryIsReadAgain(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("weights"), "one");
        DigestCache cache = new DigestCache(dir.resolve("cache"), 1);
        DigestCache.Hash hash = path -> Fingerprint.hex(Fingerprint.sha256().digest(Files.readAllBytes(path)));
        String first = cache.digest(file, hash);
        try (Stream<Path> entries = Files.list(dir.resolve("cache"))) {
            Files.writeString(entries.findFirst().orElseThrow(), "rubbish");
        }

        assertThat(cache.digest(file, hash)).isEqualTo(first);
    }

    @Test
    void aCacheThatCantBeWrittenCostsTimeOnly(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("weights"), "one");
        DigestCache cache = new DigestCache(file.resolve("below-a-file"), 1);

        assertThat(cache.digest(file, path -> "digest")).isEqualTo("digest");
    }
}
