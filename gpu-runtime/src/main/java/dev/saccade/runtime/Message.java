package dev.saccade.runtime;

import java.util.List;

/** One turn of a conversation. */
public record Message(Role role, List<Part> parts) {

    /** Who speaks. The lower-case name is what chat templates expect. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public Message {
        parts = List.copyOf(parts);
    }

    public static Message system(String text) {
        return new Message(Role.SYSTEM, List.of(new Part.Text(text)));
    }

    public static Message user(Part... parts) {
        return new Message(Role.USER, List.of(parts));
    }

    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
    }
}
