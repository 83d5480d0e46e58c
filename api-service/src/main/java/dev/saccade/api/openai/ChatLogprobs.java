package dev.saccade.api.openai;

import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.TokenLogprob;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How likely the model found the tokens of an answer. */
@Schema(name = "ChatLogprobs")
record ChatLogprobs(
        @Schema(description = "Tokens of content") List<Token> content,

        @Schema(description = "Tokens of the chain of thought")
        List<Token> reasoningContent) {

    @Schema(name = "ChatTokenLogprob")
    record Token(String token, double logprob, List<Integer> bytes, List<Alternative> topLogprobs) {}

    @Schema(name = "ChatTokenAlternative")
    record Alternative(String token, double logprob, List<Integer> bytes) {}

    /** Null where none were asked for. */
    static @Nullable ChatLogprobs of(Completion answer) {
        if (answer.logprobs().isEmpty()) {
            return null;
        }
        String written = answer.logprobs().stream().map(TokenLogprob::text).collect(Collectors.joining());
        String reasoning = answer.reasoning();
        int thought = reasoning == null ? 0 : Math.max(0, written.indexOf(reasoning));
        int thoughtEnd = reasoning == null ? 0 : thought + reasoning.length();
        // the answer is the last thing that is written, but for tags
        int start = written.lastIndexOf(answer.answer());
        return start < 0
                ? new ChatLogprobs(tokens(answer, 0, Integer.MAX_VALUE), List.of())
                : new ChatLogprobs(
                        tokens(answer, start, start + answer.answer().length()), tokens(answer, thought, thoughtEnd));
    }

    /** Tokens of which something lies between two offsets. */
    private static List<Token> tokens(Completion answer, int from, int until) {
        List<Token> tokens = new ArrayList<>();
        int offset = 0;
        for (TokenLogprob token : answer.logprobs()) {
            int end = offset + token.text().length();
            if (end > from && offset < until) {
                tokens.add(token(token));
            }
            offset = end;
        }
        return tokens;
    }

    private static Token token(TokenLogprob token) {
        return new Token(
                token.text(),
                token.logprob(),
                bytes(token.text()),
                token.top().stream()
                        .map(other -> new Alternative(other.text(), other.logprob(), bytes(other.text())))
                        .toList());
    }

    private static List<Integer> bytes(String text) {
        List<Integer> bytes = new ArrayList<>();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(one & 0xff);
        }
        return bytes;
    }
}
