package dev.saccade.api.events;

import dev.saccade.ledger.events.JobEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a client has seen, as the ids of events tell it: {@code 4} the state at that position, {@code 4-120.33} also so many
 * UTF-16 code units of each answer of that attempt, {@code 5-end} everything.
 *
 * @param position of the last state; -1 before the first
 * @param offsets length of the text that was seen, for each answer
 * @param end whether the result was seen too
 */
record StreamPosition(int position, List<Integer> offsets, boolean end) {

    static final StreamPosition START = new StreamPosition(-1, List.of(), false);

    private static final int MOST_ANSWERS = 1_000;
    private static final Pattern ID = Pattern.compile("([0-9]{1,9})(?:-(end|[0-9]{1,9}(?:\\.[0-9]{1,9}){0,999}))?");

    StreamPosition {
        offsets = List.copyOf(offsets);
    }

    /** The position that an id tells; empty for anything that {@link #id} would not have written. */
    static Optional<StreamPosition> parse(String id) {
        if (id.length() > 10 * (MOST_ANSWERS + 1)) {
            return Optional.empty();
        }
        var matcher = ID.matcher(id);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int position = Integer.parseInt(matcher.group(1));
        String rest = matcher.group(2);
        if (rest == null) {
            return Optional.of(new StreamPosition(position, List.of(), false));
        }
        if (rest.equals("end")) {
            return Optional.of(new StreamPosition(position, List.of(), true));
        }
        var offsets = new ArrayList<Integer>();
        for (String offset : rest.split("\\.")) {
            offsets.add(Integer.parseInt(offset));
        }
        return Optional.of(new StreamPosition(position, offsets, false));
    }

    int attempt() {
        return JobEvent.attempt(Math.max(0, position));
    }

    int offset(int index) {
        return index < offsets.size() ? offsets.get(index) : 0;
    }

    /** Having seen this event: a further attempt writes its text anew. */
    StreamPosition at(JobEvent event) {
        return new StreamPosition(event.position(), event.attempt() == attempt() ? offsets : List.of(), false);
    }

    StreamPosition seen(int index, int offset) {
        var seen = new ArrayList<>(offsets);
        while (seen.size() <= index) {
            seen.add(0);
        }
        seen.set(index, offset);
        return new StreamPosition(position, seen, false);
    }

    StreamPosition ended() {
        return new StreamPosition(position, List.of(), true);
    }

    String id() {
        if (end) {
            return position + "-end";
        }
        return offsets.isEmpty()
                ? Integer.toString(position)
                : position + "-" + offsets.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
