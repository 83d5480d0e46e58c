package dev.saccade.ledger.webhooks;

import java.util.Arrays;
import java.util.Optional;

/** What webhooks tell of, each with its name in messages and in the database. */
public enum WebhookEvent {
    JOB_SUCCEEDED("job.succeeded"),
    JOB_FAILED("job.failed"),
    JOB_CANCELLED("job.cancelled"),
    JOB_EXPIRED("job.expired"),
    BATCH_ENDED("batch.ended");

    private final String text;

    WebhookEvent(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** The event of this name; empty for any other text. */
    public static Optional<WebhookEvent> parse(String text) {
        return Arrays.stream(values()).filter(event -> event.text.equals(text)).findFirst();
    }
}
