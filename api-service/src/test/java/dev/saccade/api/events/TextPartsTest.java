package dev.saccade.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.events.TextParts.Part;
import dev.saccade.api.events.TextParts.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextPartsTest {

    private static final String BOTH = "<think>\nIt is < red.\n</think>\n\n<answer>\nA <b>stop</b>\n</answer>";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 1_000})
    void reasoningAndAnswerAreToldApartHoweverTheTextIsCut(int cut) {
        var pieces = cut(BOTH, cut);

        assertThat(of(pieces, Part.REASONING)).isEqualTo("\nIt is < red.\n");
        assertThat(of(pieces, Part.ANSWER)).isEqualTo("\nA <b>stop</b>\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BOTH,
                "",
                "plain",
                "<think>never closed",
                "a<",
                "<thin",
                "</think>x",
                "<answer>",
                "<answer>a</ans"
            })
    void piecesAreTheWholeTextInOrder(String text) {
        var pieces = cut(text, 1);

        int offset = 0;
        for (var piece : pieces) {
            assertThat(piece.offset()).isEqualTo(offset);
            offset = piece.end();
        }
        assertThat(pieces.stream().map(Piece::text).collect(Collectors.joining()))
                .isEqualTo(text);
    }

    @Test
    void textWithoutTagsIsAnAnswer() {
        assertThat(of(cut("Turn right.", 4), Part.ANSWER)).isEqualTo("Turn right.");
    }

    @Test
    void answerWithoutTagsBehindAThoughtIsAnAnswer() {
        assertThat(of(cut("<think>a</think> \n b", 1), Part.ANSWER)).isEqualTo("b");
    }

    @Test
    void whatMayBecomeATagIsHeldBackUntilItIsKnown() {
        var parts = new TextParts();

        assertThat(parts.add("<think>red</thi", false)).extracting(Piece::text).containsExactly("<think>", "red");
        assertThat(parts.add("s", false)).extracting(Piece::text).containsExactly("</this");
    }

    private static List<Piece> cut(String text, int length) {
        var parts = new TextParts();
        var pieces = new ArrayList<Piece>();
        for (int from = 0; from < text.length(); from += length) {
            pieces.addAll(parts.add(text.substring(from, Math.min(text.length(), from + length)), false));
        }
        pieces.addAll(parts.add("", true));
        return pieces;
    }

    private static String of(List<Piece> pieces, Part part) {
        return pieces.stream()
                .filter(piece -> piece.part() == part)
                .map(Piece::text)
                .collect(Collectors.joining());
    }
}
