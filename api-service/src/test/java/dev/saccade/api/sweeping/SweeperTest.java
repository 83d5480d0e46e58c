package dev.saccade.api.sweeping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class SweeperTest {

    private final RunningApi api = RunningApi.get();
    private final VideoLedger videos = api.bean(VideoLedger.class);
    private final UUID tenant = api.bean(Tenants.class).ensure("tenant-" + UUID.randomUUID());

    @Test
    void uploadWhoseReceiverDiedIsRejected() {
        VideoView fresh = videos.begin(tenant, "test", "fresh.mp4");
        VideoView dead = videos.begin(tenant, "test", "dead.mp4");
        api.bean(JdbcClient.class)
                .sql("update video set created_at = created_at - interval '7 hours' where id = :id")
                .param("id", dead.id())
                .update();

        await().atMost(Duration.ofSeconds(30)).until(() -> state(dead) == VideoState.REJECTED);
        assertThat(state(fresh)).isEqualTo(VideoState.UPLOADING);
    }

    private VideoState state(VideoView video) {
        return videos.find(tenant, video.id()).orElseThrow().state();
    }
}
