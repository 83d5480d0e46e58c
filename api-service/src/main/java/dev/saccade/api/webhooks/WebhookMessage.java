package dev.saccade.api.webhooks;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.webhooks.DueDelivery;
import dev.saccade.ledger.webhooks.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A message as it is sent: the same bytes with every attempt, signed anew with each by Standard Webhooks. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebhookMessage(String id, byte[] body) {

    private static final String HMAC = "HmacSHA256";
    private static final String SECRET_PREFIX = "whsec_";

    record Document(String type, Instant timestamp, Data data) {}

    record Data(String id, String state, String url) {}

    static WebhookMessage of(DueDelivery delivery) {
        Document document = new Document(
                delivery.event().text(), delivery.createdAt(), data(delivery.event(), delivery.subjectId()));
        return new WebhookMessage(
                ExternalId.DELIVERY.format(delivery.id()), ApiJson.MAPPER.writeValueAsBytes(document));
    }

    private static Data data(WebhookEvent event, UUID subject) {
        String text = event.text();
        String state = text.substring(text.indexOf('.') + 1);
        if (event == WebhookEvent.BATCH_ENDED) {
            String id = ExternalId.BATCH.format(subject);
            return new Data(id, state, "/v1/batches/" + id);
        }
        String id = ExternalId.JOB.format(subject);
        return new Data(id, state, "/v1/jobs/" + id);
    }

    /** The headers of an attempt at this time, with one signature for each secret. */
    Map<String, String> headers(Instant now, List<byte[]> secrets) {
        long seconds = now.getEpochSecond();
        String signatures = secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(signature(secret, seconds)))
                .collect(Collectors.joining(" "));
        return Map.of("webhook-id", id, "webhook-timestamp", Long.toString(seconds), "webhook-signature", signatures);
    }

    private byte[] signature(byte[] secret, long seconds) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A secret as receivers keep it. */
    static String text(byte[] secret) {
        return SECRET_PREFIX + Base64.getEncoder().encodeToString(secret);
    }
}
