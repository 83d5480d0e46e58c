package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DetokenizerTest {

    private final Tokenizer tokenizer = Tokenizer.open(GoldenPrompts.DEMO);
    private final Map<Byte, Integer> byteTokens = new HashMap<>();

    DetokenizerTest() {
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            if (tokenizer.bytes(id).length == 1) {
                byteTokens.put(tokenizer.bytes(id)[0], id);
            }
        }
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private int token(int singleByte) {
        return Objects.requireNonNull(byteTokens.get((byte) singleByte));
    }

    @Test
    void everyByteIsAToken() {
        assertThat(byteTokens).hasSize(256);
    }

    @Test
    void bytesOfAnUnfinishedCharacterAreHeldBack() {
        Detokenizer detokenizer = new Detokenizer(tokenizer);
        byte[] car = "🚗".getBytes(StandardCharsets.UTF_8);

        assertThat(detokenizer.push(token('a'))).isEqualTo("a");
        assertThat(detokenizer.push(token(car[0]))).isEmpty();
        assertThat(detokenizer.push(token(car[1]))).isEmpty();
        assertThat(detokenizer.push(token(car[2]))).isEmpty();
        assertThat(detokenizer.push(token(car[3]))).isEqualTo("🚗");
        assertThat(detokenizer.finish()).isEmpty();
    }

    @Test
    void piecesTogetherAreTheText() {
        String text = "Zwölf Boxkämpfer 日本語 👩‍👩‍👧 \n end";
        Detokenizer detokenizer = new Detokenizer(tokenizer);
        StringBuilder pieces = new StringBuilder();
        for (int id : tokenizer.encode(text)) {
            pieces.append(detokenizer.push(id));
        }

        assertThat(pieces.append(detokenizer.finish()).toString()).isEqualTo(text);
    }

    @Test
    void bytesThatCantBecomeACharacterAreReplaced() {
        Detokenizer detokenizer = new Detokenizer(tokenizer);

        assertThat(detokenizer.push(token(0xff))).isEqualTo("\uFFFD");
        assertThat(detokenizer.push(token(0xe2))).isEmpty();
        assertThat(detokenizer.push(token('b'))).isEqualTo("\uFFFDb");
    }

    @Test
    void aCharacterCutOffAtTheEndIsReplacedOnce() {
        Detokenizer detokenizer = new Detokenizer(tokenizer);
        detokenizer.push(token(0xf0));
        detokenizer.push(token(0x9f));

        assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
    }

    @Test
    void specialAndUnknownTokensAreLeftOut() {
        Detokenizer detokenizer = new Detokenizer(tokenizer);

        assertThat(detokenizer.push(717)).isEmpty();
        assertThat(detokenizer.push(767)).isEmpty();
        assertThat(detokenizer.finish()).isEmpty();
    }
}
