package dev.saccade.api.access;

import dev.saccade.api.problems.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds keys and tokens where they don't belong: addresses end up in logs, histories and Referer headers. */
final class QueryKeys {

    private static final Pattern KEY = Pattern.compile(".*sk_[A-Za-z0-9_-]{43}.*", Pattern.DOTALL);
    private static final Set<String> NAMES =
            Set.of("access_token", "api_key", "apikey", "api-key", "authorization", "bearer", "key", "token");

    private QueryKeys() {}

    static boolean in(@Nullable String query) {
        return query != null && Arrays.stream(query.split("[&;]", -1)).anyMatch(QueryKeys::isKey);
    }

    static ProblemException refusal() {
        return new ProblemException(
                        401,
                        "key-in-address",
                        "Send the key in the header \"Authorization: Bearer sk_...\", never in the address, where logs keep"
                                + " it. If this was a real key, rotate it now.")
                .header("WWW-Authenticate", "Bearer realm=\"saccade\", error=\"invalid_request\"");
    }

    private static boolean isKey(String parameter) {
        String decoded = decoded(parameter);
        String name = decoded.substring(0, Math.max(0, decoded.indexOf('='))).toLowerCase(Locale.ROOT);
        return NAMES.contains(name) || KEY.matcher(decoded).matches();
    }

    private static String decoded(String parameter) {
        try {
            return URLDecoder.decode(parameter, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return parameter;
        }
    }
}
