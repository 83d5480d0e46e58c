package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.saccade.runtime.StructuredOutput;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever tokens are drawn among those allowed, the text is JSON that an independent validator accepts. */
class SchemaRandomTextTest {

    static String[] schemas() {
        return Schemas.REALISTIC;
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everyDemoTextIsValid(String schema) throws CharacterCodingException {
        byte[][] tokens = Vocabularies.demo();
        int end = tokens.length - 1;
        tokens[end] = new byte[0];
        Constraint constraint = new ConstraintCompiler(tokens, tokens.length, Set.of(end))
                .compile(new StructuredOutput.JsonSchema(schema));
        for (int seed = 0; seed < 20; seed++) {
            check(schema, Masks.randomText(constraint, tokens, end, new Random(seed)));
        }
    }

    @Test
    void everyQwenTextIsValid() throws CharacterCodingException {
        byte[][] tokens = Vocabularies.qwen();
        ConstraintCompiler compiler =
                new ConstraintCompiler(tokens, Vocabularies.QWEN_ROWS, Set.of(Vocabularies.QWEN_END));
        for (String schema : Schemas.REALISTIC) {
            Constraint constraint = compiler.compile(new StructuredOutput.JsonSchema(schema));
            for (int seed = 0; seed < 10; seed++) {
                check(schema, Masks.randomText(constraint, tokens, Vocabularies.QWEN_END, new Random(seed)));
            }
        }
    }

    private static void check(String schema, byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        Schema validator = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON);
        assertThat(validator.validate(
                        text,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as(text)
                .isEmpty();
    }

    @Test
    void shortCutMasksEqualPlainWalksOverTheWholeVocabulary() {
        byte[][] tokens = Vocabularies.qwen();
        ConstraintCompiler compiler =
                new ConstraintCompiler(tokens, Vocabularies.QWEN_ROWS, Set.of(Vocabularies.QWEN_END));
        Random random = new Random(5);
        for (String schema : Schemas.REALISTIC) {
            Constraint constraint = compiler.compile(new StructuredOutput.JsonSchema(schema));
            for (int i = 0; i < 60; i++) {
                int state = random.nextInt(constraint.states());
                long[] mask = constraint.allowed(state).clone();
                if (constraint.mayEnd(state)) {
                    mask[Vocabularies.QWEN_END >> 6] &= ~(1L << Vocabularies.QWEN_END);
                }
                assertThat(mask).as("state " + state + " of " + schema).isEqualTo(constraint.plainMask(state));
            }
        }
    }
}
