package dev.saccade.ledger.jobs;

import java.util.List;

/** One turn of the conversation; {@code role} is {@code system}, {@code user} or {@code assistant}. */
public record RequestMessage(String role, List<ContentPart> content) {

    public RequestMessage {
        content = List.copyOf(content);
    }
}
