package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.checkpoint.VisionConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** {@code goldens/qwen_tokens.json} on the full vocabulary, which is too large for the repository. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QwenVocabularyTest {

    private static final Path FILE =
            Path.of(System.getProperty("saccade.home"), "..", "shared", "goldens", "qwen_tokenizer.json");

    private Tokenizer tokenizer;

    @BeforeAll
    void openFullVocabulary() {
        assumeThat(FILE)
                .as("the full Qwen2.5 vocabulary %s is missing; put it there to run these tests", FILE.normalize())
                .isRegularFile();
        tokenizer = Tokenizer.read(FILE);
    }

    @AfterAll
    void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    private int[] encodeTrusted(String text) {
        return tokenizer.split(text).stream()
                .flatMapToInt(piece -> switch (piece) {
                    case Tokenizer.Piece.Text stretch -> IntStream.of(tokenizer.encode(stretch.text()));
                    case Tokenizer.Piece.Added added -> IntStream.of(added.id());
                })
                .toArray();
    }

    @Test
    void idsAreTheReferences() {
        JsonNode rows = GoldenPrompts.json("qwen_tokens.json");
        assertThat(rows.size()).isGreaterThan(10);
        for (JsonNode row : rows) {
            assertThat(encodeTrusted(row.path("text").stringValue()))
                    .as(row.path("text").toString())
                    .isEqualTo(GoldenPrompts.ints(row.path("ids")));
        }
    }

    @Test
    void decodesWhatTheReferenceDecodes() {
        for (JsonNode row : GoldenPrompts.json("qwen_tokens.json")) {
            String decoded = row.path("decoded").stringValue();
            if (tokenizer.addedTokens().stream().noneMatch(decoded::contains)) {
                Detokenizer detokenizer = new Detokenizer(tokenizer);
                StringBuilder text = new StringBuilder();
                for (int id : GoldenPrompts.ints(row.path("ids"))) {
                    text.append(detokenizer.push(id));
                }
                assertThat(text.append(detokenizer.finish()).toString()).isEqualTo(decoded);
            }
        }
    }

    @Test
    void typedSpecialsArePlainCharacters() {
        assertThat(IntStream.of(tokenizer.encode("<|video_pad|><tool_call>")))
                .isNotEmpty()
                .allMatch(id -> id < 151643);
    }

    @Test
    void aFirstNewlineMergesWithTheTemplatesText() {
        PromptEncoder encoder =
                new PromptEncoder(tokenizer, ChatTemplate.open(GoldenPrompts.DEMO), sevenBillionModel());

        int[] ids = encoder.encode(List.of(Message.user(new Part.Text("\nWhy?"))), false, new int[0])
                .ids();

        // "user", two newlines in one token, "Why", "?"
        assertThat(ids).containsSequence(872, 271, 10234, 30);
    }

    private static ModelConfig sevenBillionModel() {
        TextConfig text =
                new TextConfig(3584, 28, 28, 4, 128, 18944, 152064, 128000, 1e-6, 1e6, List.of(16, 24, 24), false);
        VisionConfig vision = new VisionConfig(32, 1280, 3420, 16, 3, 14, 2, 2, 112, 3584, Set.of(7, 15, 23, 31), 2);
        return new ModelConfig(text, vision, 151655, 151656, 151652, 151653, Set.of(151645, 151643));
    }

    @Test
    void addedTokensThatAreNotSpecialAreText() {
        int toolCall = tokenizer.addedTokenId("<tool_call>").orElseThrow();

        assertThat(new Detokenizer(tokenizer).push(toolCall)).isEqualTo("<tool_call>");
    }
}
