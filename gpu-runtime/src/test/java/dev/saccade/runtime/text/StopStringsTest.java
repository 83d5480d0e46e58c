package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void aStopStringMaySpanPieces() {
        StopStrings stops = new StopStrings(List.of("END"));

        assertThat(stops.push("abcE")).isEqualTo("abc");
        assertThat(stops.push("N")).isEmpty();
        assertThat(stops.stopped()).isFalse();
        assertThat(stops.push("Dxyz")).isEmpty();
        assertThat(stops.stopped()).isTrue();
        assertThat(stops.push("more")).isEmpty();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void whatDidNotBecomeAStopStringIsGivenOut() {
        StopStrings stops = new StopStrings(List.of("END"));

        assertThat(stops.push("aEN")).isEqualTo("a");
        assertThat(stops.push("E")).isEqualTo("EN");
        assertThat(stops.push("N")).isEmpty();
        assertThat(stops.finish()).isEqualTo("EN");
    }

    @Test
    void theEarliestOfSeveralWins() {
        StopStrings stops = new StopStrings(List.of("later", "\n\n"));

        assertThat(stops.push("one\n\ntwo later")).isEqualTo("one");
    }

    @Test
    void aShortStopInsideTheBeginningOfALongOneStopsAtOnce() {
        StopStrings stops = new StopStrings(List.of("abcd", "bc"));

        assertThat(stops.push("xab")).isEqualTo("x");
        assertThat(stops.push("c")).isEqualTo("a");
        assertThat(stops.stopped()).isTrue();
    }

    @Test
    void withoutStopStringsNothingIsHeldBack() {
        StopStrings stops = new StopStrings(List.of());

        assertThat(stops.push("abc")).isEqualTo("abc");
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void anyCuttingGivesWhatAWholeTextGives() {
        Random random = new Random(1);
        for (int trial = 0; trial < 2_000; trial++) {
            String text = word(random, 30);
            List<String> list = List.of(word(random, 4), word(random, 3));
            int first = list.stream()
                    .mapToInt(text::indexOf)
                    .filter(i -> i >= 0)
                    .min()
                    .orElse(text.length());
            StopStrings stops = new StopStrings(list);
            List<String> pieces = new ArrayList<>();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + random.nextInt(5));
                pieces.add(stops.push(text.substring(from, to)));
                from = to;
            }
            pieces.add(stops.finish());

            assertThat(String.join("", pieces)).as("%s in %s", list, text).isEqualTo(text.substring(0, first));
        }
    }

    @Test
    void theStopStringIsKeptOnRequest() {
        StopStrings stops = new StopStrings(new StopAutomaton(List.of("END")), true);

        assertThat(stops.push("abcEN") + stops.push("Dxyz") + stops.finish()).isEqualTo("abcEND");
        assertThat(stops.stopped()).isTrue();
    }

    @Test
    void ofSeveralThatEndAtOnceTheLongestIsTakenOut() {
        assertThat(new StopStrings(List.of("lo", "hello", "ello")).push("say hello"))
                .isEqualTo("say ");
    }

    @Test
    void anUnarmedStopStringIsOrdinaryText() {
        StopStrings stops = new StopStrings(List.of("END"));

        assertThat(stops.push("oneENDtwoEN", false)).isEqualTo("oneENDtwo");
        assertThat(stops.push("D", true)).isEmpty();
        assertThat(stops.stopped()).isTrue();
    }

    @Test
    void noMoreIsHeldBackThanCanBecomeAStopString() {
        Random random = new Random(2);
        for (int trial = 0; trial < 2_000; trial++) {
            List<String> list = List.of(word(random, 5), word(random, 3), word(random, 7));
            StopStrings stops = new StopStrings(list);
            StringBuilder text = new StringBuilder();
            StringBuilder given = new StringBuilder();
            while (!stops.stopped() && text.length() < 40) {
                String piece = word(random, random.nextInt(4));
                text.append(piece);
                given.append(stops.push(piece));
                if (!stops.stopped()) {
                    assertThat(given.length()).as("%s in %s", list, text).isEqualTo(text.length() - held(text, list));
                }
            }
        }
    }

    private static int held(CharSequence text, List<String> stops) {
        for (int length = Math.min(6, text.length()); length > 0; length--) {
            String end = text.subSequence(text.length() - length, text.length()).toString();
            if (stops.stream().anyMatch(stop -> stop.length() > end.length() && stop.startsWith(end))) {
                return length;
            }
        }
        return 0;
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }
}
