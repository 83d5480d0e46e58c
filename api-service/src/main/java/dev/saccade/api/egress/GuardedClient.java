package dev.saccade.api.egress;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends requests to where the policy allows, and uses no proxy. A redirect is an answer, unless it is checked like a URL. */
public final class GuardedClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final MediaType JSON = MediaType.get("application/json");

    private final EgressPolicy policy;
    private final OkHttpClient client;
    private final Duration longest;

    /** @param longest time for one request, from the name's resolution to the answer */
    public GuardedClient(EgressPolicy policy, Duration longest) {
        this.policy = policy;
        this.longest = longest;
        client = new OkHttpClient.Builder()
                .dns(new GuardedDns(policy, Dns.SYSTEM))
                .proxy(Proxy.NO_PROXY)
                .protocols(List.of(Protocol.HTTP_1_1))
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(CONNECT.compareTo(longest) < 0 ? CONNECT : longest)
                .readTimeout(longest)
                .writeTimeout(longest)
                .callTimeout(longest)
                .build();
    }

    /**
     * Gets what is at a URL, over up to five redirects, each of which is checked like the URL itself. All of it together,
     * with the reading of the body, ends when this client's longest time is over.
     *
     * @throws ForbiddenUrlException where the URL, a redirect's, or the address that a host resolves to, may not be called
     * @throws IOException where no answer came in time, or the redirects don't end
     */
    public Download get(String url) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        URI next = policy.check(url);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            var call = client.newCall(new Request.Builder()
                    .url(next.toURL())
                    .header("Accept-Encoding", "identity")
                    .build());
            call.timeout().timeout(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            Response answer = call.execute();
            String location = answer.header("Location");
            if (location == null || !REDIRECTS.contains(answer.code())) {
                return new Download(answer);
            }
            answer.close();
            next = policy.check(resolved(next, location));
        }
        throw new IOException("The redirects do not end.");
    }

    /** As text, for the policy to look at: what it would take for a URL, and nothing else. */
    private static String resolved(URI from, String location) {
        try {
            return from.resolve(location).toString();
        } catch (IllegalArgumentException noUrl) {
            throw new ForbiddenUrlException("The URL leads on to something that is no URL.");
        }
    }

    /**
     * Posts JSON, and reads nothing but the answer's status.
     *
     * @return the answer's status, whatever it is
     * @throws ForbiddenUrlException where the URL, or the address that its host resolves to, may not be called
     * @throws IOException where no answer came in time
     */
    public int post(String url, Map<String, String> headers, byte[] body) throws IOException {
        // without this header the client would unpack what is answered
        var request = new Request.Builder()
                .url(policy.check(url).toURL())
                .header("Accept-Encoding", "identity")
                .post(RequestBody.create(body, JSON));
        headers.forEach(request::header);
        try (Response answer = client.newCall(request.build()).execute()) {
            return answer.code();
        }
    }
}
