package dev.saccade.api.egress;

import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.Dns;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Sends requests to where the policy allows; follows no redirect, uses no proxy, and reads nothing but the answer's status. */
public final class GuardedClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final MediaType JSON = MediaType.get("application/json");

    private final EgressPolicy policy;
    private final OkHttpClient client;

    /** @param longest time for one request, from the name's resolution to the answer */
    public GuardedClient(EgressPolicy policy, Duration longest) {
        this.policy = policy;
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
     * Posts JSON.
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
