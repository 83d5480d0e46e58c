package dev.saccade.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class SlowUploadsTest {

    private static final int UPLOADS = 200;
    private static final int AT_ONCE = 20;

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());

    /** None of them ends before all polls are answered: what a poll needs, no upload holds. */
    @Test
    void twoHundredSlowUploadsHoldUpNoPoll() throws IOException {
        String video = client.uploaded(Clips.IMAGE);
        String job = client.post("/v1/jobs", "{\"video\": \"" + video + "\", \"question\": \"What is there?\"}")
                .text("/links/self");
        byte[] clip = Files.readAllBytes(Clips.VIDEO);
        List<Socket> uploads = new ArrayList<>();
        try {
            for (int i = 0; i < UPLOADS; i++) {
                uploads.add(begin(clip));
                if (uploads.size() % AT_ONCE == 0) {
                    // slow they are, but not all new: on a busy machine so many at once would be refused
                    await().atMost(Duration.ofSeconds(60))
                            .until(() -> uploading() == uploads.size() && spooled() >= uploads.size());
                }
            }

            for (int i = 0; i < 50; i++) {
                assertThat(client.get(job).status()).isEqualTo(200);
            }
            assertThat(client.uploaded(Clips.VIDEO))
                    .as("a quick one among them")
                    .isNotEmpty();
            assertThat(uploading()).isEqualTo(UPLOADS);
            assertThat(uploads).allMatch(Socket::isConnected);
        } finally {
            for (Socket upload : uploads) {
                upload.close();
            }
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> uploading() == 0 && spooled() == 0);
    }

    /** Sends the first half of an upload. */
    private Socket begin(byte[] clip) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        String head = "POST /v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client.key()
                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: " + (clip.length + 1_000)
                + "\r\n\r\n--b\r\n" + Client.part("file", "slow.mp4") + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(clip, 0, clip.length / 2);
        socket.getOutputStream().flush();
        return socket;
    }

    private int uploading() {
        return api.bean(JdbcClient.class)
                .sql("select count(*) from video where tenant_id = :tenant and state = 'UPLOADING'")
                .param("tenant", tenant)
                .query(Integer.class)
                .single();
    }

    /** Uploads whose bytes have begun to come. */
    private long spooled() throws IOException {
        try (Stream<Path> files = Files.list(api.uploads())) {
            return files.count();
        }
    }
}
