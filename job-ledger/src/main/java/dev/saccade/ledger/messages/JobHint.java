package dev.saccade.ledger.messages;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The body of a message: a hint that a job may be claimed. In JSON {@code {"jobId":"…","attempt":1}}. It decides nothing:
 * the ledger does.
 */
public record JobHint(UUID jobId, int attempt) {

    // so small and fixed a format that a reader of its own is the simplest that refuses everything else
    private static final Pattern JSON = Pattern.compile(
            "\\{\"jobId\":\"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\"," + "\"attempt\":([1-9][0-9]{0,8})}");

    public String toJson() {
        return "{\"jobId\":\"" + jobId + "\",\"attempt\":" + attempt + "}";
    }

    /** The hint in a message's body; empty for anything that {@link #toJson} would not have written. */
    public static Optional<JobHint> parse(String json) {
        var matcher = JSON.matcher(json);
        return matcher.matches()
                ? Optional.of(new JobHint(UUID.fromString(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }
}
