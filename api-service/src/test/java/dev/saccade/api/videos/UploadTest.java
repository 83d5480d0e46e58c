package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import org.junit.jupiter.api.Test;

final class UploadTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();

    @Test
    void uploadedVideoIsAnsweredWithItsFacts() {
        Answer answer = client.upload(Clips.VIDEO);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("/state")).isEqualTo("ready");
        assertThat(answer.text("/codec")).isEqualTo("h264");
        assertThat(answer.header("Location")).isEqualTo("/v1/videos/" + answer.text("/id"));
    }
}
