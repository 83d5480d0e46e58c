package dev.saccade.api.jobs;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code Prefer} header (RFC 7240), of which {@code wait} is understood; whatever else stands there is passed over. */
final class Preference {

    static final String HEADER = "Prefer";
    static final String APPLIED = "Preference-Applied";

    private static final long LONGEST_SECONDS = 60;
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])");

    private Preference() {}

    /** How long the client would wait for the job to end, at most a minute. */
    static Optional<Duration> wait(HttpServletRequest request) {
        var given = String.join(",", Collections.list(request.getHeaders(HEADER)));
        var found = WAIT.matcher(given);
        return found.find()
                ? Optional.of(Duration.ofSeconds(Math.min(LONGEST_SECONDS, Long.parseLong(found.group(1)))))
                        .filter(Duration::isPositive)
                : Optional.empty();
    }
}
