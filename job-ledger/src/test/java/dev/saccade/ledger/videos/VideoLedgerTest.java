package dev.saccade.ledger.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VideoLedgerTest {

    private static final TestLedger LEDGER = TestLedger.shared();
    private static final VideoFacts FACTS = new VideoFacts(
            "VIDEO", "0f".repeat(32), 12_345, "video/mp4", "mov,mp4,m4a,3gp,3g2,mj2", "h264", 640, 360, 2.5, 24, 60);

    private final VideoLedger videos = LEDGER.bean(VideoLedger.class);
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
}
