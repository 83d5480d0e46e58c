package dev.saccade.api.openai;

import dev.saccade.api.events.StreamFormat;
import dev.saccade.api.events.TextParts.Part;
import dev.saccade.api.events.TextParts.Piece;
import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A job's events as chunks of a chat completion. An attempt that takes over from one that was lost writes the same text, as the
 * seed is fixed: what was sent is not sent again.
 */
final class ChatStream implements StreamFormat {

    private static final String DONE = "data: [DONE]\n\n";

    private final String id;
    private final String model;
    private final boolean usage;
    private final long created = Instant.now().getEpochSecond();
    private final List<StreamedText> texts;
    private volatile boolean ended;

    /**
     * @param usage whether a chunk with the usage was asked for
     * @param answers how many were asked for
     */
    ChatStream(UUID job, String model, boolean usage, int answers) {
        id = OpenAiIds.CHAT + job;
        this.model = model;
        this.usage = usage;
        texts = IntStream.range(0, answers)
                .mapToObj(index -> new StreamedText())
                .toList();
    }

    /** Whether the client has been told how it ended; else it has gone before. */
    boolean ended() {
        return ended;
    }

    @Override
    public String opening() {
        return IntStream.range(0, texts.size())
                .mapToObj(index -> delta(index, new ChatChunk.Delta("assistant", "", null)))
                .reduce("", String::concat);
    }

    @Override
    public String state(String position, JobEvent event) {
        return "";
    }

    @Override
    public String progress(Progress progress) {
        return "";
    }

    @Override
    public String text(String position, int index, Piece piece) {
        if (index >= texts.size()) {
            return "";
        }
        String news = texts.get(index).add(piece);
        if (news.isEmpty()) {
            return "";
        }
        return delta(
                index,
                piece.part() == Part.REASONING
                        ? new ChatChunk.Delta(null, null, news)
                        : new ChatChunk.Delta(null, news, null));
    }

    @Override
    public String result(String position, JobView job) {
        ended = true;
        JobOutcome outcome = job.result();
        if (outcome == null) {
            return failed(JobFailures.of(job));
        }
        var last = new StringBuilder();
        for (int index = 0; index < outcome.completions().size(); index++) {
            Completion answer = outcome.completions().get(index);
            last.append(chunk(
                    List.of(new ChatChunk.Choice(
                            index,
                            new ChatChunk.Delta(null, null, null),
                            ChatLogprobs.of(answer),
                            ChatCompletion.finishReason(answer))),
                    null));
        }
        if (usage) {
            last.append(chunk(List.of(), ChatUsage.of(outcome)));
        }
        return last.append(DONE).toString();
    }

    @Override
    public String heartbeat() {
        return ": heartbeat\n\n";
    }

    @Override
    public String farewell(String reason) {
        ended = true;
        return failed(OpenAiError.of(503, "stream-ended", "The stream ends here: " + reason + ".", null));
    }

    private String delta(int index, ChatChunk.Delta delta) {
        return chunk(List.of(new ChatChunk.Choice(index, delta, null, null)), null);
    }

    private String chunk(List<ChatChunk.Choice> choices, @Nullable ChatUsage tokens) {
        return data(new ChatChunk(id, "chat.completion.chunk", created, model, choices, tokens));
    }

    private static String failed(OpenAiError error) {
        return data(error) + DONE;
    }

    private static String data(Object json) {
        return "data: " + ApiJson.MAPPER.writeValueAsString(json) + "\n\n";
    }
}
