package dev.saccade.worker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.saccade.ledger.videos.MediaRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaCacheTest {

    /** Room for three files of 100 bytes. */
    private static final long BOUND = 300;

    @TempDir
    private Path folder;

    private final HandHeldStore store = new HandHeldStore();
    private MediaCache cache;

    @BeforeEach
    void open() {
        cache = new MediaCache(folder, BOUND, store, 4);
    }

    @AfterEach
    void close() {
        store.release();
        cache.close();
    }

    @Test
    void secondUseTakesTheFileFromTheDisk() throws Exception {
        var a = stored("a");
        try (var first = pin(a)) {
            assertThat(first.files().get(a.videoId())).hasBinaryContent(content("a"));
        }
        try (var second = pin(a)) {
            assertThat(second.files().get(a.videoId())).hasBinaryContent(content("a"));
        }
        assertThat(store.opened("a")).isEqualTo(1);
    }

    @Test
    void longestUnusedFileGoesFirst() throws Exception {
        for (var name : List.of("a", "b", "c")) {
            pin(stored(name)).close();
        }
        pin(stored("a")).close();

        pin(stored("d")).close();

        assertThat(cache.bytes()).isEqualTo(BOUND);
        assertThat(filesOnDisk()).hasSize(3);
        pin(stored("a")).close();
        assertThat(store.opened("a")).isEqualTo(1);
        pin(stored("b")).close();
        assertThat(store.opened("b")).isEqualTo(2);
    }

    @Test
    void fileInUseIsNeverEvicted() throws Exception {
        var a = stored("a");
        try (var pinned = pin(a)) {
            for (var name : List.of("b", "c", "d", "e")) {
                pin(stored(name)).close();
            }
            assertThat(pinned.files().get(a.videoId())).hasBinaryContent(content("a"));
        }
        pin(a).close();
        assertThat(store.opened("a")).isEqualTo(1);
    }

    @Test
    void jobWaitsUntilThereIsRoomForAllItsFiles() throws Exception {
        var ab = pin(stored("a"), stored("b"));
        var cd = cache.request(List.of(stored("c"), stored("d")));

        assertThat(cd.ready()).isNotDone();
        assertThat(store.opened("c"))
                .as("room for one of two files is not taken")
                .isZero();
        ab.close();

        cd.ready().get(10, TimeUnit.SECONDS).close();
        assertThat(cache.bytes()).isLessThanOrEqualTo(BOUND);
    }

    @Test
    void abandonedRequestMakesRoomForTheNext() throws Exception {
        var all = pin(stored("a"), stored("b"), stored("c"));
        var abandoned = cache.request(List.of(stored("d")));
        var next = cache.request(List.of(stored("e")));
        abandoned.abandon();
        all.close();

        next.ready().get(10, TimeUnit.SECONDS).close();
        assertThat(store.opened("d")).isZero();
    }

    @Test
    void abandonedDownloadLeavesItsFileUnpinned() throws Exception {
        store.hold();
        var abandoned = cache.request(List.of(stored("a"), stored("b"), stored("c")));
        abandoned.abandon();
        store.release();

        pin(stored("d"), stored("e"), stored("f")).close();
    }

    @Test
    void jobsThatNeedTheSameFileShareOneDownload() throws Exception {
        store.hold();
        var a = stored("a");
        var requests = List.of(cache.request(List.of(a)), cache.request(List.of(a)), cache.request(List.of(a)));
        store.release();

        for (var request : requests) {
            request.ready().get(10, TimeUnit.SECONDS);
        }
        assertThat(store.opened("a")).isEqualTo(1);
    }

    @Test
    void manyThreadsStayWithinTheBoundAndGetTheRightBytes() throws Exception {
        var threads = new CompletableFuture<?>[8];
        for (int thread = 0; thread < threads.length; thread++) {
            int seed = thread;
            threads[thread] = CompletableFuture.runAsync(() -> {
                for (int round = 0; round < 50; round++) {
                    var name = "clip-" + (seed * 7 + round * 3) % 10;
                    var media = stored(name);
                    try (var pinned = pin(media)) {
                        assertThat(pinned.files().get(media.videoId())).hasBinaryContent(content(name));
                        assertThat(cache.bytes()).isLessThanOrEqualTo(BOUND);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }
            });
        }
        CompletableFuture.allOf(threads).get(30, TimeUnit.SECONDS);
        assertThat(filesOnDisk()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void halfAFileIsNeverSeen() throws Exception {
        var a = stored("a");
        store.damageNext(Arrays.copyOf(content("a"), 50));
        store.damageNext(Arrays.copyOf(content("a"), 50));

        assertThatThrownBy(pinning(a)).hasRootCauseInstanceOf(UnusableMediaException.class);

        assertThat(filesOnDisk()).isEmpty();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void bytesDamagedOnTheirWayAreFetchedAgain() throws Exception {
        var a = stored("a");
        store.damageNext(content("z"));
        try (var pinned = pin(a)) {
            assertThat(pinned.files().get(a.videoId())).hasBinaryContent(content("a"));
        }
        assertThat(store.opened("a")).isEqualTo(2);
    }

    @Test
    void objectThatIsLongerThanTheLedgerSaysIsRefused() {
        var a = stored("a");
        store.put("a", Arrays.copyOf(content("a"), 1 << 20));
        assertThatThrownBy(pinning(a))
                .rootCause()
                .isInstanceOfSatisfying(
                        UnusableMediaException.class, e -> assertThat(e.code()).isEqualTo("media-changed"));
    }

    @Test
    void storeThatFailedIsAskedAgainByTheNextRequest() throws Exception {
        var a = stored("a");
        store.fail(new IOException("connection refused"));
        assertThatThrownBy(pinning(a)).cause().isInstanceOfSatisfying(RetryableFetchException.class, e -> {
            assertThat(e.code()).isEqualTo("store-unavailable");
            assertThat(e.getMessage()).doesNotContain("refused");
        });
        assertThat(cache.bytes()).isZero();

        store.fail(null);

        pin(a).close();
    }

    @Test
    void missingObjectIsAPermanentError() {
        var gone = reference("gone");
        assertThatThrownBy(pinning(gone))
                .cause()
                .isInstanceOfSatisfying(
                        UnusableMediaException.class, e -> assertThat(e.code()).isEqualTo("media-missing"));
    }

    @Test
    void jobThatCanNeverFitIsRefusedAtOnce() {
        assertThatThrownBy(pinning(stored("a"), stored("b"), stored("c"), stored("d")))
                .cause()
                .isInstanceOf(UnusableMediaException.class)
                .hasMessageContaining("400")
                .hasMessageContaining("300");
    }

    @Test
    void diskThatCannotBeWrittenIsARetryableErrorAndGivesUnusedFilesBack() throws Exception {
        pin(stored("a")).close();
        var b = stored("b");
        // a folder in the place of the download's file: writing fails even for root
        Files.createDirectory(folder.resolve(CacheFolder.name(b) + ".partial"));

        assertThatThrownBy(pinning(b))
                .cause()
                .isInstanceOfSatisfying(
                        RetryableFetchException.class, e -> assertThat(e.code()).isEqualTo("worker-disk-full"));

        await().untilAsserted(() -> assertThat(cache.bytes()).isZero());
        assertThat(filesOnDisk()).isEmpty();
    }

    @Test
    void startRemovesWhatAnEarlierRunLeftAndNothingElse() throws Exception {
        var a = stored("a");
        pin(a).close();
        cache.close();
        Files.writeString(folder.resolve("0".repeat(64) + ".partial"), "half");
        var foreign = Files.writeString(folder.resolve("notes.txt"), "not ours");

        cache = new MediaCache(folder, BOUND, store, 4);

        assertThat(filesOnDisk()).isEmpty();
        assertThat(foreign).exists();
        pin(a).close();
        assertThat(store.opened("a")).isEqualTo(2);
    }

    @Test
    void twoWorkersCannotShareAFolder() {
        assertThatThrownBy(() -> new MediaCache(folder, BOUND, store, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("saccade.worker.cache-dir");
    }

    @Test
    void equalContentOfTwoUploadsIsKeptApart() throws Exception {
        store.put("tenant-1", content("a"));
        store.put("tenant-2", content("a"));
        var one = new MediaRef(UUID.randomUUID(), "VIDEO", "tenant-1", sha256(content("a")), 100);
        var two = new MediaRef(UUID.randomUUID(), "VIDEO", "tenant-2", sha256(content("a")), 100);
        pin(one).close();
        pin(two).close();
        assertThat(store.opened("tenant-2")).isEqualTo(1);
    }

    private PinnedMedia pin(MediaRef... media) throws Exception {
        return cache.request(List.of(media)).ready().get(20, TimeUnit.SECONDS);
    }

    private ThrowingCallable pinning(MediaRef... media) {
        return () -> pin(media);
    }

    /** A reference to an object of 100 bytes that is in the store. */
    private MediaRef stored(String name) {
        store.put(name, content(name));
        return reference(name);
    }

    private static MediaRef reference(String name) {
        var id = UUID.nameUUIDFromBytes(content(name));
        return new MediaRef(id, "VIDEO", name, sha256(content(name)), content(name).length);
    }

    private static byte[] content(String name) {
        return Arrays.copyOf(name.repeat(100).getBytes(StandardCharsets.UTF_8), 100);
    }

    private List<Path> filesOnDisk() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("worker.lock") && !file.endsWith("notes.txt"))
                    .toList();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
