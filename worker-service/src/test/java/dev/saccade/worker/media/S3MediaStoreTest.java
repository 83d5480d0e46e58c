package dev.saccade.worker.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.worker.embedded.EmbeddedParts;
import dev.saccade.worker.embedded.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class S3MediaStoreTest {

    private final TestStore uploads = EmbeddedParts.shared().store();

    @Test
    void readsWhatWasUploaded() throws Exception {
        var content = "bytes of a clip".getBytes(StandardCharsets.UTF_8);
        uploads.put("tenants/one/videos/clip", content);
        try (var store = store(uploads.endpoint(), TestStore.SECRET);
                var stream = store.open("tenants/one/videos/clip")) {
            assertThat(stream).hasBinaryContent(content);
        }
    }

    @Test
    void objectThatIsNotThereIsAPermanentError() {
        try (var store = store(uploads.endpoint(), TestStore.SECRET)) {
            assertThatThrownBy(() -> store.open("tenants/one/videos/none"))
                    .isInstanceOfSatisfying(
                            UnusableMediaException.class,
                            e -> assertThat(e.code()).isEqualTo("media-missing"));
        }
    }

    @Test
    void storeThatDoesNotAnswerMayAnswerLater() {
        try (var store = store("http://127.0.0.1:1", TestStore.SECRET)) {
            assertThatThrownBy(() -> store.open("tenants/one/videos/clip")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void saysWhetherItCanBeReached() {
        try (var store = store(uploads.endpoint(), TestStore.SECRET);
                var away = store("http://127.0.0.1:1", TestStore.SECRET);
                var refusing = store(uploads.endpoint(), "wrong")) {
            assertThat(store.reachable()).isTrue();
            assertThat(away.reachable()).isFalse();
            assertThat(refusing.reachable()).isFalse();
        }
    }

    @Test
    void storeThatRefusesTheWorkersKeyMayBePutRight() {
        try (var store = store(uploads.endpoint(), "wrong")) {
            assertThatThrownBy(() -> store.open("tenants/one/videos/clip")).isInstanceOf(IOException.class);
        }
    }

    private static S3MediaStore store(String endpoint, String secret) {
        return new S3MediaStore(endpoint, TestStore.KEY, secret, TestStore.BUCKET, S3MediaStore.USUAL_REGION);
    }
}
