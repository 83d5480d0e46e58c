package dev.saccade.ledger.health;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The health check of API and worker in containers without a shell, and what {@code helm test} runs: asks each address, and says what it answered. */
public final class AskReadiness {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private AskReadiness() {}

    /** Exit code 0: all answered 200; 1: one did not; 2: no address was given. */
    public static void main(String[] addresses) {
        System.exit(run(addresses));
    }

    static int run(String... addresses) {
        if (addresses.length == 0) {
            System.err.println("Give the addresses to ask, such as http://127.0.0.1:8082/actuator/health/readiness.");
            return 2;
        }
        int failed = 0;
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            for (String address : addresses) {
                failed += answers(client, address) ? 0 : 1;
            }
        }
        return failed == 0 ? 0 : 1;
    }

    private static boolean answers(HttpClient client, String address) {
        try {
            var request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(PATIENCE)
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            System.out.println(address + " answers " + status + ".");
            return status == 200;
        } catch (IOException e) {
            System.out.println(address + " does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
