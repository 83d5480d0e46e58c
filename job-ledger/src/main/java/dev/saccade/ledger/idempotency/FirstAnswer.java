package dev.saccade.ledger.idempotency;

import java.util.Map;

/**
 * What a client was answered when it sent a request for the first time.
 *
 * @param status of HTTP, 200 to 299
 * @param headers those that belong to the answer itself, such as Location
 * @param body JSON
 */
public record FirstAnswer(int status, Map<String, String> headers, String body) {

    public FirstAnswer {
        headers = Map.copyOf(headers);
    }
}
