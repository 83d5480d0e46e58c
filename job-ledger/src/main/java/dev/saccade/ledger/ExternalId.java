package dev.saccade.ledger;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as clients see them: a prefix that names the kind, and the UUID in lower-case hex with dashes. */
public enum ExternalId {
    VIDEO("vid_"),
    UPLOAD("upl_"),
    JOB("job_"),
    TENANT("ten_"),
    API_KEY("key_"),
    AUDIT_EVENT("aud_"),
    BATCH("bat_"),
    CRITIQUE("crt_"),
    WEBHOOK("whk_"),
    DELIVERY("msg_"),
    DEAD_LETTER("dlt_");

    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String prefix;

    ExternalId(String prefix) {
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }

    /** For example {@code job_0199c3a2-…}. */
    public String format(UUID id) {
        return prefix + id;
    }

    /** The UUID in {@code text}; empty for anything that {@link #format} would not have written. */
    public Optional<UUID> parse(String text) {
        if (!text.startsWith(prefix)) {
            return Optional.empty();
        }
        var id = text.substring(prefix.length());
        return CANONICAL.matcher(id).matches() ? Optional.of(UUID.fromString(id)) : Optional.empty();
    }
}
