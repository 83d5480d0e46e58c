package dev.saccade.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Scope;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be taken is told in the shape that OpenAI's clients read, with the field's name. */
final class ChatRefusalTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final Chats chats = new Chats(client);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "tools": [{"type": "function"}]                | 400 | tools
            "temprature": 1                                | 400 | temprature
            "temperature": "hot"                           | 400 | temperature
            "temperature": -1                              | 400 | temperature
            "max_tokens": 999999999                        | 400 | max_tokens
            "n": 0                                         | 400 | n
            "top_logprobs": 2                              | 400 | top_logprobs
            "stream": "yes"                                | 400 | stream
            "mm_processor_kwargs": {"fps": -1}             | 400 | mm_processor_kwargs
            "mm_processor_kwargs": {"speed": 2}            | 400 | mm_processor_kwargs.speed
            "response_format": {"type": "xml"}             | 400 | response_format.type
            "response_format": {"type": "json_schema"}     | 400 | response_format
            "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"not": {}}}} | 400 | response_format
            """)
    void fieldThatCantBeTakenIsNamed(String field, int status, String param) {
        Answer refused = chats.refused(Chats.body("\"Is it safe?\"", field));

        assertThat(refused.status()).as(refused.json().toString()).isEqualTo(status);
        assertThat(refused.text("/error/param")).isEqualTo(param);
        assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(refused.text("/error/message")).isNotBlank();
        assertThat(client.get("/v1/jobs").json().path("data")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [{"type": "audio_url"}]                                              | messages[0].content[0].type
            [{"text": "x"}]                                                      | messages[0].content[0]
            [{"type": "video_url", "video_url": {}}]                             | messages[0].content[0].video_url
            [{"type": "video_url", "video_url": {"url": "ftp://a/b.mp4"}}]       | messages[0].content[0].video_url
            [{"type": "video_url", "video_url": {"url": "http://10.0.0.1/b"}}]   | messages[0].content[0].video_url
            [{"type": "video_url", "video_url": {"url": "data:video/mp4,abc"}}]  | messages[0].content[0].video_url
            [{"type": "video_url", "video_url": {"url": "data:video/mp4;base64,QUJDRA=="}}] | messages[0].content[0].video_url
            [{"type": "file", "file": {"file_id": "file-1"}}]                    | messages[0].content[0].file.file_id
            """)
    void partThatCantBeTakenIsNamed(String content, String param) {
        Answer refused = chats.refused(Chats.body(content));

        assertThat(refused.status()).as(refused.json().toString()).isEqualTo(400);
        assertThat(refused.text("/error/param")).startsWith(param);
    }

    @Test
    void brokenBase64IsRefused() {
        Answer refused = chats.refused(Chats.body(Chats.about("video_url", "data:video/mp4;base64,AB=CD")));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/code")).isEqualTo("invalid_data_url");
    }

    @Test
    void imageIsNoVideo() {
        Answer refused = chats.refused(Chats.body(Chats.about("video_url", Chats.dataUrl("video/mp4", Clips.IMAGE))));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/code")).isEqualTo("wrong_media_kind");
    }

    @Test
    void dataUrlOf300MegabytesIsRefusedWithTheLimitAndAWayOut() {
        byte[] head = Chats.body(Chats.about("video_url", "data:video/mp4;base64,"))
                .replaceFirst("base64,.*$", "base64,")
                .getBytes(StandardCharsets.UTF_8);
        var request = client.request("/v1/chat/completions", "Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new SequenceInputStream(
                        Collections.enumeration(List.of(new ByteArrayInputStream(head), new Letters(300L << 20))))));

        Answer refused = client.send(request);

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.text("/error/code")).isEqualTo("data_url_too_large");
        assertThat(refused.text("/error/message")).contains("67108864 bytes", "/v1/files");
    }

    /** So many times the letter A. */
    private static final class Letters extends InputStream {

        private long left;

        Letters(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 'A' : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = (int) Math.min(left, length);
            java.util.Arrays.fill(buffer, offset, offset + count, (byte) 'A');
            left -= count;
            return count == 0 ? -1 : count;
        }
    }

    @Test
    void unknownModelIsNotFound() {
        Answer refused = chats.refused("{\"model\": \"gpt-2\", \"messages\": []}");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.text("/error/code")).isEqualTo("model_not_found");
        assertThat(refused.text("/error/message")).contains(Chats.MODEL);
    }

    @Test
    void missingKeyAndMissingScopeHaveTheSameShape() {
        Answer nobody = new Chats(api.client("")).refused(Chats.body("\"Is it safe?\""));
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(nobody.text("/error/type")).isEqualTo("authentication_error");

        Client reader = api.newClient(api.newTenantId(), Set.of(Scope.JOBS_WRITE));
        Answer refused = new Chats(reader)
                .refused(Chats.body(Chats.about("image_url", Chats.dataUrl("image/jpeg", Clips.IMAGE))));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/error/message")).contains("media:write");
    }

    @Test
    void otherAddressesKeepTheirProblems() {
        assertThat(client.post("/v1/jobs", "{}").text("/code")).isEqualTo("question-empty");
        assertThat(client.get("/v1/batches/batch_1").text("/error/code")).isEqualTo("batch_not_found");
        assertThat(client.get("/v1/batches/bat_1").text("/code")).isEqualTo("batch-not-found");
    }
}
