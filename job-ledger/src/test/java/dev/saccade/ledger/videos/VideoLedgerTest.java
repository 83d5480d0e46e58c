package dev.saccade.ledger.videos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.TestLedger;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VideoLedgerTest {

    private static final TestLedger LEDGER = TestLedger.shared();
    private static final VideoFacts FACTS = new VideoFacts(
            "VIDEO", "0f".repeat(32), 12_345, "video/mp4", "mov,mp4,m4a,3gp,3g2,mj2", "h264", 640, 360, 2.5, 24, 60);

    private final VideoLedger videos = LEDGER.bean(VideoLedger.class);
    private final VideoDeletions deletions = LEDGER.bean(VideoDeletions.class);
    private final UUID tenant = LEDGER.newTenant();

    @Test
    void uploadThatIsReadyKeepsItsFacts() {
        var begun = videos.begin(tenant, "key:test", "drive.mp4");
        assertThat(begun.state()).isEqualTo(VideoState.UPLOADING);

        var ready = videos.ready(tenant, begun.id(), FACTS).orElseThrow();
        assertThat(ready.facts()).isEqualTo(FACTS);
        assertThat(videos.find(tenant, begun.id())).contains(ready);
        assertThat(LEDGER.audited(begun.id())).containsExactly("video.upload_begun", "video.ready");
    }

    @Test
    void rejectedUploadSaysWhyAndStaysRejected() {
        var id = videos.begin(tenant, "key:test", "notes.mp4").id();

        assertThat(videos.reject(tenant, id, "not-media", "This is no video.")).isTrue();
        assertThat(videos.ready(tenant, id, FACTS)).isEmpty();
        assertThat(videos.reject(tenant, id, "other", "Other.")).isFalse();
        var rejected = videos.find(tenant, id).orElseThrow();
        assertThat(rejected.state()).isEqualTo(VideoState.REJECTED);
        assertThat(rejected.rejectionCode()).isEqualTo("not-media");
        assertThat(rejected.rejectionReason()).isEqualTo("This is no video.");
    }

    @Test
    void anotherTenantCanNeitherSeeNorChangeIt() {
        var id = videos.begin(tenant, "key:test", "a.mp4").id();
        var stranger = LEDGER.newTenant();

        assertThat(videos.find(stranger, id)).isEmpty();
        assertThat(videos.ready(stranger, id, FACTS)).isEmpty();
        assertThat(videos.reject(stranger, id, "x", "y")).isFalse();
        videos.ready(tenant, id, FACTS);
        assertThat(videos.refs(stranger, List.of(id))).isEmpty();
    }

    @Test
    void fileNameThatTheDatabaseCannotHoldIsKeptAsFarAsItCan() {
        assertThat(videos.begin(tenant, "key:test", "a\0b.mp4").filename()).isEqualTo("a\ufffdb.mp4");
        assertThat(videos.begin(tenant, "key:test", "n".repeat(2_000)).filename())
                .hasSize(1_000);
        assertThat(videos.begin(tenant, "key:test", " ").filename()).isEqualTo("unnamed");
    }

    @Test
    void uploadWhoseProcessDiedIsRejected() {
        var abandoned = videos.begin(tenant, "key:test", "old.mp4").id();
        var going = videos.begin(tenant, "key:test", "new.mp4").id();
        LEDGER.sql().update("update video set created_at = now() - interval '2 days' where id = ?", abandoned);

        videos.rejectAbandoned(Duration.ofDays(1), 100);
        assertThat(videos.find(tenant, abandoned).orElseThrow().rejectionCode()).isEqualTo("upload-abandoned");
        assertThat(videos.find(tenant, going).orElseThrow().state()).isEqualTo(VideoState.UPLOADING);
    }

    @Test
    void deletionKeepsWhatItWasAndFreesTheObject() {
        var id = readyVideo();

        assertThat(deletions.delete(tenant, id, "key:other")).isTrue();
        assertThat(deletions.delete(tenant, id, "key:other")).isFalse();

        var deleted = videos.find(tenant, id).orElseThrow();
        assertThat(deleted.state()).isEqualTo(VideoState.DELETED);
        assertThat(deleted.facts()).isEqualTo(FACTS);
        assertThat(deleted.deletion()).extracting(Deletion::code).isEqualTo(Deletion.REQUESTED);
        assertThat(videos.refs(tenant, List.of(id))).isEmpty();
        assertThat(LEDGER.audited(id)).containsExactly("video.upload_begun", "video.ready", "video.deleted");
    }

    @Test
    void anotherTenantCanNotDeleteIt() {
        var id = readyVideo();

        assertThat(deletions.delete(LEDGER.newTenant(), id, "key:test")).isFalse();
        assertThat(videos.find(tenant, id).orElseThrow().state()).isEqualTo(VideoState.READY);
    }

    @Test
    void uploadThatIsDeletedMeanwhileNeverGetsReady() {
        var id = videos.begin(tenant, "key:test", "a.mp4").id();

        deletions.delete(tenant, id, "key:test");

        assertThat(videos.ready(tenant, id, FACTS)).isEmpty();
        assertThat(videos.find(tenant, id).orElseThrow().state()).isEqualTo(VideoState.DELETED);
    }

    @Test
    void nothingComesBackFromTheDead() {
        var id = readyVideo();
        deletions.delete(tenant, id, "key:test");

        for (var state : List.of("READY", "UPLOADING", "REJECTED")) {
            assertThatThrownBy(() -> LEDGER.sql().update("update video set state = ? where id = ?", state, id))
                    .as(state)
                    .hasMessageContaining("no transition");
        }
    }

    @Test
    void sweepersOnManyInstancesTakeEachVideoOnce() throws Exception {
        LEDGER.sql().update("update tenant set media_retention = interval '1 hour' where id = ?", tenant);
        var ids = IntStream.range(0, 12).mapToObj(i -> readyVideo()).collect(Collectors.toSet());
        assertThat(videos.find(tenant, ids.iterator().next()).orElseThrow().expiresAt())
                .isNotNull();
        LEDGER.sql().update("update video set expires_at = now() where tenant_id = ?", tenant);

        var removed = new ConcurrentLinkedQueue<UUID>();
        try (var instances = Executors.newFixedThreadPool(4)) {
            var sweeps = Collections.nCopies(4, Executors.callable(() -> {
                while (deletions.expire(3) > 0) {}
                for (var due = deletions.toRemove(2); !due.isEmpty(); due = deletions.toRemove(2)) {
                    due.stream()
                            .filter(video -> video.tenantId().equals(tenant))
                            .forEach(video -> removed.add(video.id()));
                    due.forEach(deletions::removed);
                }
            }));
            for (var sweep : instances.invokeAll(sweeps)) {
                sweep.get();
            }
        }

        assertThat(removed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(ids);
        assertThat(ids)
                .allSatisfy(id -> assertThat(LEDGER.audited(id))
                        .containsExactly("video.upload_begun", "video.ready", "video.deleted"));
    }

    @Test
    void objectThatCouldNotBeRemovedIsTakenUpAgain() {
        var id = readyVideo();
        deletions.delete(tenant, id, "key:test");
        assertThat(due(id)).isTrue();
        assertThat(due(id)).as("while somebody is at it").isFalse();

        LEDGER.sql().update("update video set remove_at = now() where id = ?", id);

        assertThat(due(id)).isTrue();
    }

    @Test
    void listIsOfTheTenantAndTheStatesInOrder() {
        var ready = readyVideo();
        var going = videos.begin(tenant, "key:test", "b.mp4").id();
        readyVideoOf(LEDGER.newTenant());

        var both = EnumSet.of(VideoState.READY, VideoState.UPLOADING);
        assertThat(videos.list(tenant, both, null, 10))
                .extracting(VideoView::id)
                .containsExactly(going, ready);
        assertThat(videos.list(tenant, both, going, 10))
                .extracting(VideoView::id)
                .containsExactly(ready);
        assertThat(videos.list(tenant, both, null, 1)).extracting(VideoView::id).containsExactly(going);
        assertThat(videos.list(tenant, EnumSet.of(VideoState.REJECTED), null, 10))
                .isEmpty();
    }

    @Test
    void sameBytesShareAnObjectUntilTheLastOfThemIsDeleted() {
        var first = readyVideo();
        var second = sharing(first);
        var third = sharing(first);
        var holder = videos.find(tenant, first).orElseThrow().objectKey();
        assertThat(List.of(second, third))
                .allSatisfy(
                        id -> assertThat(videos.find(tenant, id).orElseThrow().objectKey())
                                .isEqualTo(holder));
        assertThat(videos.refs(tenant, List.of(third)).getFirst().objectKey()).isEqualTo(holder);

        for (var id : List.of(first, third)) {
            deletions.delete(tenant, id, "key:test");
            assertThat(due(id)).as("others still have its object").isFalse();
        }
        deletions.delete(tenant, second, "key:test");

        assertThat(deletions.toRemove(1_000))
                .filteredOn(video -> video.tenantId().equals(tenant))
                .extracting(VideoDeletions.Video::objectKey)
                .containsExactly(holder);
    }

    @Test
    void bytesOfAnotherTenantOrOfDeletedMediaAreNotShared() {
        readyVideoOf(LEDGER.newTenant());
        var gone = readyVideo();
        deletions.delete(tenant, gone, "key:test");
        var id = videos.begin(tenant, "key:test", "b.mp4").id();

        assertThat(videos.readyAsBefore(tenant, id, FACTS)).isEmpty();
        assertThat(videos.find(tenant, id).orElseThrow().state()).isEqualTo(VideoState.UPLOADING);
    }

    /** Deletions of the only holder race uploads of the same bytes: whoever is READY at the end has an object. */
    @Test
    void deletionAndReuseOfAnObjectNeverLeaveAVideoWithoutBytes() throws Exception {
        for (int round = 0; round < 25; round++) {
            var owner = LEDGER.newTenant();
            var holder = readyVideoOf(owner);
            var late = videos.begin(owner, "key:test", "b.mp4").id();
            var removed = new ConcurrentLinkedQueue<String>();
            try (var both = Executors.newFixedThreadPool(2)) {
                var deletion = both.submit(() -> {
                    deletions.delete(owner, holder, "key:test");
                    deletions.toRemove(1_000).stream()
                            .filter(video -> video.tenantId().equals(owner))
                            .forEach(video -> removed.add(video.objectKey()));
                });
                var reuse = both.submit(() -> videos.readyAsBefore(owner, late, FACTS));
                deletion.get();
                var shared = reuse.get();
                assertThat(shared.map(VideoView::objectKey).filter(removed::contains))
                        .as("removed, and in use")
                        .isEmpty();
                if (shared.isEmpty()) {
                    // a sweep steps over a row that somebody has just looked at
                    assertThat(!removed.isEmpty() || due(holder))
                            .as("removed at last")
                            .isTrue();
                }
            }
        }
    }

    private UUID sharing(UUID before) {
        var id = videos.begin(tenant, "key:test", "again.mp4").id();
        var shared = videos.readyAsBefore(tenant, id, FACTS).orElseThrow();
        assertThat(shared.objectId()).isEqualTo(before);
        return id;
    }

    private boolean due(UUID id) {
        return deletions.toRemove(1_000).stream().anyMatch(video -> video.id().equals(id));
    }

    private UUID readyVideo() {
        return readyVideoOf(tenant);
    }

    private UUID readyVideoOf(UUID owner) {
        var id = videos.begin(owner, "key:test", "a.mp4").id();
        var _ = videos.ready(owner, id, FACTS).orElseThrow();
        return id;
    }
}
