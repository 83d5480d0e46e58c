package dev.saccade.ledger.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorableTextTest {

    private static final String CAR = "\ud83d\ude97";

    @Test
    void textThatCanBeStoredStaysTheSame() {
        var text = "Is it safe? \n\t <|im_end|> \\u0000 " + CAR;

        assertThat(StorableText.clean(text)).isSameAs(text);
    }

    @Test
    void nulAndHalvesOfPairsAreReplaced() {
        assertThat(StorableText.clean("\0a\ud83d")).isEqualTo("\ufffda\ufffd");
        assertThat(StorableText.clean("\ude97\ud83d" + CAR)).isEqualTo("\ufffd\ufffd" + CAR);
    }

    @Test
    void cutInTheMiddleOfAPairLeavesNoHalf() {
        assertThat(StorableText.clip("ab" + CAR, 3)).isEqualTo("ab\ufffd");
        assertThat(StorableText.clip("ab" + CAR, 4)).isEqualTo("ab" + CAR);
    }

    @Test
    void stringsWithinJsonAreCleanedToo() {
        var json = LedgerJson.write(Map.of("text", List.of("a\0b")));

        assertThat(json).isEqualTo("{\"text\":[\"a\ufffdb\"]}");
    }
}
