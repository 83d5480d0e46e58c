package dev.saccade.api.uploads;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Speaks tus 1.0. */
record TusClient(Client client) {

    static final String BYTES = "application/offset+octet-stream";

    Answer create(long size, String... headers) {
        String[] all = with(
                headers,
                "Tus-Resumable",
                "1.0.0",
                "Upload-Length",
                Long.toString(size),
                "Upload-Metadata",
                "filename " + base64("räder.mp4") + ",empty");
        return client.send(client.request("/v1/tus", all).POST(BodyPublishers.noBody()));
    }

    /** Begins an upload and gives its address. */
    String created(long size) {
        Answer created = create(size);
        if (created.status() != 201) {
            throw new AssertionError("The upload was not begun: " + created.status());
        }
        return created.header("Location");
    }

    Answer patch(String upload, long offset, byte[] bytes, String... headers) {
        String[] all =
                with(headers, "Tus-Resumable", "1.0.0", "Content-Type", BYTES, "Upload-Offset", Long.toString(offset));
        return client.send(client.request(upload, all).method("PATCH", BodyPublishers.ofByteArray(bytes)));
    }

    Answer head(String upload) {
        return client.method("HEAD", upload, "Tus-Resumable", "1.0.0");
    }

    long offset(String upload) {
        return Long.parseLong(head(upload).header("Upload-Offset"));
    }

    Answer terminate(String upload) {
        return client.method("DELETE", upload, "Tus-Resumable", "1.0.0");
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] with(String[] more, String... usual) {
        String[] all = Arrays.copyOf(usual, usual.length + more.length);
        System.arraycopy(more, 0, all, usual.length, more.length);
        return all;
    }
}
