package dev.saccade.api.openai;

import dev.saccade.api.events.StreamFormat;
import dev.saccade.api.events.TextParts.Part;
import dev.saccade.api.events.TextParts.Piece;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.openai.ResponseDocument.Item;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job's events as those of a streamed response, in the order from which OpenAI's clients put the response together: an item is
 * added, then its one part, its text comes in pieces, and part and item are done before the next begins. An attempt that takes over
 * from one that was lost writes the same text: what was sent is not sent again.
 */
final class ResponseStream implements StreamFormat {

    private final UUID job;
    private final ResponseDocument begun;
    private final StreamedText streamed = new StreamedText();
    private final Set<String> added = new HashSet<>();
    private final StringBuilder written = new StringBuilder(); // of the open item
    private @Nullable Item open;
    private boolean running;
    private int sequence;
    private volatile boolean ended;

    ResponseStream(UUID job, ResponseDocument response) {
        this.job = job;
        begun = response.begun("queued");
    }

    /** Whether the client has been told how it ended; else it has gone before. */
    boolean ended() {
        return ended;
    }

    @Override
    public String opening() {
        return event(ResponseEvent.of("response.created", sequence++, begun));
    }

    @Override
    public String state(String position, JobEvent event) {
        return event.state() == JobState.RUNNING ? run() : "";
    }

    /** Before the first item and never behind it, as clients begin anew with it: text may come sooner than the job's state. */
    private String run() {
        if (running) {
            return "";
        }
        running = true;
        return event(ResponseEvent.of("response.in_progress", sequence++, begun.begun("in_progress")));
    }

    @Override
    public String progress(Progress progress) {
        return "";
    }

    @Override
    public String text(String position, int index, Piece piece) {
        String news = index == 0 ? streamed.add(piece) : "";
        if (news.isEmpty()) {
            return "";
        }
        Item item = piece.part() == Part.REASONING
                ? ResponseDocument.thought(job, "")
                : ResponseDocument.message(job, "", "in_progress");
        String before = open != null && open.id().equals(item.id()) ? "" : close() + add(item);
        return before + write(news);
    }

    @Override
    public String result(String position, JobView done) {
        ended = true;
        ResponseDocument response = ResponseDocument.of(done, begun.model());
        var last = new StringBuilder(close());
        for (Item item : response.output()) {
            if (!added.contains(item.id())) {
                last.append(add(item.withText("")))
                        .append(write(item.content().getFirst().text()))
                        .append(close());
            }
        }
        String type = switch (response.status()) {
            case "completed" -> "response.completed";
            case "incomplete" -> "response.incomplete";
            default -> "response.failed";
        };
        return last.append(event(ResponseEvent.of(type, sequence++, response))).toString();
    }

    @Override
    public String heartbeat() {
        return ": heartbeat\n\n";
    }

    @Override
    public String farewell(String reason) {
        ended = true;
        return event(ResponseEvent.ofError(sequence++, "stream_ended", "The stream ends here: " + reason + "."));
    }

    private String add(Item item) {
        open = item;
        added.add(item.id());
        written.setLength(0);
        return run()
                + event(ResponseEvent.of(
                        "response.output_item.added", sequence++, added.size() - 1, item.withoutContent()))
                + event(ResponseEvent.of(
                        "response.content_part.added",
                        sequence++,
                        added.size() - 1,
                        item.id(),
                        item.content().getFirst()));
    }

    private String write(String text) {
        Item item = open;
        if (item == null || text.isEmpty()) {
            return "";
        }
        written.append(text);
        return event(
                ResponseEvent.ofText(textEvent(item, "delta"), sequence++, added.size() - 1, item.id(), text, null));
    }

    /** Nothing where no item is open. */
    private String close() {
        Item item = open;
        if (item == null) {
            return "";
        }
        open = null;
        int index = added.size() - 1;
        Item whole = item.withText(written.toString());
        return event(ResponseEvent.ofText(
                        textEvent(item, "done"), sequence++, index, item.id(), null, written.toString()))
                + event(ResponseEvent.of(
                        "response.content_part.done",
                        sequence++,
                        index,
                        item.id(),
                        whole.content().getFirst()))
                + event(ResponseEvent.of("response.output_item.done", sequence++, index, whole));
    }

    private static String textEvent(Item item, String what) {
        return "response." + item.content().getFirst().type() + "." + what;
    }

    private static String event(ResponseEvent event) {
        return "event: " + event.type() + "\ndata: " + ApiJson.MAPPER.writeValueAsString(event) + "\n\n";
    }
}
