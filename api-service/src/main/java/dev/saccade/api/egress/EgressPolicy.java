package dev.saccade.api.egress;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which addresses may be called: {@code https} on known ports of hosts that have a public name. What a name resolves to is
 * checked with each connection, by {@link GuardedClient}.
 *
 * @param ports that may be called
 * @param trustedHosts names that the operator vouches for: any scheme, port and address
 */
public record EgressPolicy(Set<Integer> ports, Set<String> trustedHosts) {

    private static final int LONGEST = 2_000;
    private static final int HTTPS = 443;
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /** RFC 6761, RFC 6762, and what clusters and offices call their own. */
    private static final List<String> PRIVATE_NAMES = List.of(
            ".localhost",
            ".local",
            ".internal",
            ".svc",
            ".lan",
            ".intranet",
            ".corp",
            ".home",
            ".home.arpa",
            ".test",
            ".invalid",
            ".onion");

    public EgressPolicy {
        ports = Set.copyOf(ports);
        trustedHosts = Set.copyOf(trustedHosts);
    }

    /** @throws ForbiddenUrlException where it may not be called, or is no URL */
    public URI check(String url) {
        if (url.length() > LONGEST || !url.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\')) {
            throw new ForbiddenUrlException(
                    "Give a URL of at most " + LONGEST + " visible ASCII characters without backslashes.");
        }
        URI parsed = parse(url);
        String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
        String host = parsed.getHost() == null ? "" : parsed.getHost().toLowerCase(Locale.ROOT);
        if (parsed.getRawUserInfo() != null || parsed.getRawFragment() != null) {
            throw new ForbiddenUrlException("Give a URL without user name, password and fragment.");
        }
        if (trusts(host) && (scheme.equals("http") || scheme.equals("https"))) {
            return parsed;
        }
        if (!scheme.equals("https")) {
            throw new ForbiddenUrlException("Give a URL that begins with https://.");
        }
        if (!NAME.matcher(host).matches() || PRIVATE_NAMES.stream().anyMatch(host::endsWith)) {
            throw new ForbiddenUrlException("Give a host by its public name, such as hooks.example.com.");
        }
        if (!ports.contains(parsed.getPort() < 0 ? HTTPS : parsed.getPort())) {
            throw new ForbiddenUrlException("This port may not be called. Leave it out: https is on port 443.");
        }
        return parsed;
    }

    boolean trusts(String host) {
        return trustedHosts.contains(host);
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException broken) {
            throw new ForbiddenUrlException("This is no URL.");
        }
    }
}
