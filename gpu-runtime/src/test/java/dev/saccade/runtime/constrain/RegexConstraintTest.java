package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexConstraintTest {

    private static final String[] PATTERNS = {
        "yes|no|maybe",
        "[0-9]{3}-[0-9]{4}",
        "(a|b)*abb",
        "\\d+(\\.\\d{1,2})?",
        "\\w+@\\w+\\.(com|org)",
        "[^\\n]{0,40}",
        ".{3,5}",
        "(?:ab){2,4}c?",
        "(?<word>[a-z]+) \\s*=\\s* \"[^\"]*\"",
        "[\\u4e00-\\u9fff]{2,}",
        "\\S+( \\S+){0,3}",
        "x*?y+?z??",
        "[\\]\\-a]+",
        "[a-]{2}",
        "\\x41\\t\\/\\.\\u{1F600}",
        "\\uD83D\\uDE00[😀-😂]",
        "",
        "a{0}b{1,}",
        "^abc$",
        "[^a-z]{2}é",
        "\\D\\W\\S",
    };

    static String[] patterns() {
        return PATTERNS;
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("patterns")
    void randomTextsMatchInJava(String pattern) {
        byte[][] tokens = Vocabularies.small("ab", "abb", "yes", "\"", "éé", "12", ".5", " = ", "😀", "一二", "@x.com");
        Constraint constraint =
                Vocabularies.compiler(tokens).compile(new dev.saccade.runtime.StructuredOutput.Regex(pattern));
        Pattern java = Pattern.compile(pattern.replace("\\u{1F600}", "\\x{1F600}"));
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            String text =
                    new String(Masks.randomText(constraint, tokens, tokens.length - 1, random), StandardCharsets.UTF_8);
            assertThat(java.matcher(text).matches()).as(text).isTrue();
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("patterns")
    void masksEqualTryingEveryToken(String pattern) {
        byte[][] tokens = Vocabularies.small(
                "ab", "abb", "yes", "\"", "éé", "12", ".5", " = ", "😀", "一二", "aaaaaaaaaaaa", "a\nb");
        Constraint constraint =
                Vocabularies.compiler(tokens).compile(new dev.saccade.runtime.StructuredOutput.Regex(pattern));

        assertThat(Masks.checkAgainstEveryToken(constraint, tokens.length, 2_000))
                .isGreaterThan(0);
    }

    @ParameterizedTest
    @CsvSource({
        "a|bc, a, true",
        "a|bc, bc, true",
        "a|bc, ab, false",
        "^a$|^b$, b, true",
        "a{2}, aa, true",
        "a{2}, aaa, false",
        "a.c, a😀c, true",
        "[^a], é, true",
        "[^é], é, false",
        "[^é], è, true",
        "\\s, ' ', true",
        "a{b, a{b, true",
        "(a*)*, aaa, true",
        "(a|b?)+c, abbac, true",
    })
    void takesWhatItMatches(String pattern, String text, boolean expected) {
        assertThat(Vocabularies.accepts(Vocabularies.regex(pattern), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(a; not closed",
                "a); closes no group",
                "[a; too early",
                "*a; nothing to repeat",
                "a**; put the first one in a group",
                "a*+; possessive",
                "(?=a); lookahead",
                "(?<!a); lookbehind",
                "(?i)a; flags",
                "(a)\\1; backreferences",
                "\\bword\\b; word boundary",
                "\\p{L}; Unicode properties",
                "[z-a]; backwards",
                "[[:alpha:]]; POSIX",
                "a{3,2}; below its minimum",
                "a^b; ends of a top-level alternative",
                "(^a); ends of a top-level alternative",
                "\\uD800; surrogate",
                "\\q; not supported",
                "[]; empty",
                "\\; too early",
                "(?P=x); named group",
            })
    void refusesByName(String pattern, String reason) {
        assertThatThrownBy(() -> Vocabularies.regex(pattern))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(reason)
                .extracting(e -> ((InvalidRequestException) e).code())
                .isEqualTo("regex-invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a{1000}){1000}",
                "((((((a{9}){9}){9}){9}){9}){9}){9}",
                "((((){1000}){1000}){1000}){1000}",
                "(((a?){1000})?){1000}",
                "((a?){100}){100}",
                "(a|b)*a(a|b){25}",
                "[^a]{1000}[^b]{1000}[^c]{1000}.{1000}.{1000}.{1000}.{1000}.{1000}.{1000}.{1000}",
                "a{1001}",
                "a{99999999999999999999}",
            })
    void refusesWhatExplodes(String pattern) {
        assertThatThrownBy(() -> Vocabularies.regex(pattern))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageMatching("(?s).*(at most|more than) [0-9,]+ .*")
                .extracting(e -> ((InvalidRequestException) e).code())
                .isEqualTo("regex-too-large");
    }

    @Test
    void refusesDeepAndLongPatterns() {
        String deep = "(".repeat(2_000) + "a" + ")".repeat(2_000);
        assertThatThrownBy(() -> Vocabularies.regex(deep)).hasMessageContaining("nested deeper than 50");
        assertThatThrownBy(() -> Vocabularies.regex("a".repeat(5_000)))
                .hasMessageContaining("5,000 characters; at most 4,096");
    }

    @Test
    void whatBacktracksForEverElsewhereIsJustAnAutomaton() {
        Constraint constraint = Vocabularies.regex("(a+)+(a+)+(a|aa|a?)+b");

        assertThat(Vocabularies.accepts(constraint, "a".repeat(5_000) + "b")).isTrue();
        assertThat(Vocabularies.accepts(constraint, "a".repeat(5_000))).isFalse();
    }

    @Test
    void anEmptyPatternEndsAtOnce() {
        Constraint constraint = Vocabularies.regex("");

        assertThat(constraint.mustEnd(constraint.start())).isTrue();
        assertThat(constraint.mayEnd(constraint.start())).isTrue();
    }

    @Test
    void halfATokenOfAnotherCharacterDoesNotFit() {
        byte[][] tokens = Vocabularies.small("é");
        Constraint constraint =
                Vocabularies.compiler(tokens).compile(new dev.saccade.runtime.StructuredOutput.Regex("è"));

        assertThat(constraint.next(constraint.start(), 256)).isEqualTo(Constraint.DEAD);
        assertThat(constraint.next(constraint.start(), 0xc3)).isNotEqualTo(Constraint.DEAD);
    }
}
