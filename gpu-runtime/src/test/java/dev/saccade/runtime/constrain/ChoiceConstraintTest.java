package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.StructuredOutput.Choice;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceConstraintTest {

    private static Constraint choice(String... options) {
        return Vocabularies.bytes().compile(new Choice(List.of(options)));
    }

    @Test
    void takesEachOptionAndNothingElse() {
        Constraint constraint = choice("yes", "yesterday", "né", "yes");

        assertThat(Vocabularies.accepts(constraint, "yes")).isTrue();
        assertThat(Vocabularies.accepts(constraint, "yesterday")).isTrue();
        assertThat(Vocabularies.accepts(constraint, "né")).isTrue();
        assertThat(Vocabularies.accepts(constraint, "yest")).isFalse();
        assertThat(Vocabularies.accepts(constraint, "")).isFalse();
    }

    @Test
    void theTurnEndsExactlyWhereAnOptionDoes() {
        byte[][] tokens = Vocabularies.small("yes", "yesterday", "terday", "no");
        int end = tokens.length - 1;
        Constraint constraint = Vocabularies.compiler(tokens).compile(new Choice(List.of("yes", "yesterday")));

        assertThat(BitSet.valueOf(constraint.allowed(constraint.start())).stream())
                .containsExactly((int) 'y', 256, 257);
        int yes = constraint.next(constraint.start(), 256);
        assertThat(BitSet.valueOf(constraint.allowed(yes)).stream()).containsExactly((int) 't', 258, end);
        assertThat(constraint.next(yes, end)).isEqualTo(yes);
        assertThat(constraint.mayEnd(yes)).isTrue();
        assertThat(constraint.mustEnd(yes)).isFalse();
        int yesterday = constraint.next(yes, 258);
        assertThat(BitSet.valueOf(constraint.allowed(yesterday)).stream()).containsExactly(end);
        assertThat(constraint.mustEnd(yesterday)).isTrue();
        assertThat(constraint.next(constraint.start(), end)).isEqualTo(Constraint.DEAD);
    }

    @Test
    void badChoicesSayWhy() {
        assertRefused("give 1 to 1,000");
        assertRefused("option 1 is empty", "a", "");
        assertRefused("option 0 has half a surrogate pair", "\ud800");
        assertRefused("give 1 to 1,000", Collections.nCopies(1_001, "a").toArray(String[]::new));
        assertRefused("at most 65,536", "a".repeat(70_000));
    }

    private static void assertRefused(String message, String... options) {
        assertThatThrownBy(() -> choice(options))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("choice-invalid"))
                .hasMessageContaining(message);
    }

    @Test
    void bytesThatNoTokenWritesAreNotPromised() {
        byte[][] tokens = {{'a'}, {'b'}, {'c', 'd'}, {}};
        ConstraintCompiler compiler = Vocabularies.compiler(tokens);

        Constraint constraint = compiler.compile(new Choice(List.of("ab", "ax")));

        assertThat(Vocabularies.accepts(constraint, "")).isFalse();
        int state = constraint.next(constraint.next(constraint.start(), 0), 1);
        assertThat(constraint.mustEnd(state)).isTrue();
        assertThatThrownBy(() -> compiler.compile(new Choice(List.of("x")))).hasMessageContaining("vocabulary");
    }
}
