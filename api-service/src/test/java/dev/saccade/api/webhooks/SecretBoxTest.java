package dev.saccade.api.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SecretBoxTest {

    private final UUID webhook = UUID.randomUUID();
    private final SecretBox box = new SecretBox(newKey());

    @Test
    void whatWasSealedOpensWithTheSameKeyAndForTheSameWebhookOnly() throws GeneralSecurityException {
        byte[] secret = SecretBox.newSecret();
        byte[] sealed = box.seal(webhook, secret);

        assertThat(box.open(webhook, sealed)).isEqualTo(secret);
        assertThat(box.seal(webhook, secret)).as("never the same twice").isNotEqualTo(sealed);
        assertThatThrownBy(() -> box.open(UUID.randomUUID(), sealed)).isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> new SecretBox(newKey()).open(webhook, sealed))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> new SecretBox(null).open(webhook, sealed))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void keyThatIsNoneStopsTheStart() {
        assertThatThrownBy(() -> new SecretBox("c2hvcnQ=")).hasMessageContaining("openssl rand -base64 32");
        assertThatThrownBy(() -> new SecretBox("no base64!")).hasMessageContaining("saccade.webhooks.key");
        assertThat(new SecretBox("").hasKey()).isFalse();
    }

    private static String newKey() {
        return Base64.getEncoder().encodeToString(SecretBox.newSecret());
    }
}
