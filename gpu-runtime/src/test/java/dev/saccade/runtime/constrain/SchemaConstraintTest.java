package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each keyword takes and leaves. */
class SchemaConstraintTest {

    /** A schema, texts that it takes, and texts that it leaves. */
    private record Example(String schema, String[] taken, String[] left) {}

    private static String[] texts(String... texts) {
        return texts;
    }

    private static Example example(String schema, String[] taken, String... left) {
        return new Example(schema.replace('\'', '"'), taken, left);
    }

    @TestFactory
    Stream<DynamicTest> eachKeywordTakesAndLeaves() {
        return Stream.of(scalars(), numbers(), strings(), objects(), arrays(), combinations())
                .flatMap(examples -> examples)
                .map(example -> DynamicTest.dynamicTest(example.schema(), () -> check(example)));
    }

    private static void check(Example example) {
        Constraint constraint = Vocabularies.schema(example.schema());
        for (String text : example.taken()) {
            assertThat(Vocabularies.accepts(constraint, text.replace('\'', '"')))
                    .as("takes " + text)
                    .isTrue();
        }
        for (String text : example.left()) {
            assertThat(Vocabularies.accepts(constraint, text.replace('\'', '"')))
                    .as("leaves " + text)
                    .isFalse();
        }
    }

    private static Stream<Example> scalars() {
        return Stream.of(
                example("{'type':'null'}", texts("null"), "true", "nul", " null"),
                example("{'type':'boolean'}", texts("true", "false"), "True", "1"),
                example("{'type':['string','null']}", texts("null", "''", "'a'"), "1", "a"),
                example(
                        "{'enum':['red','green',3,null,1.50,true,{'a':[1]}]}",
                        texts("'red'", "3", "null", "1.50", "true", "{'a':[1]}", "{'a': [1]}"),
                        "'blue'",
                        "4",
                        "'gree'"),
                example("{'type':'string','enum':['red',3]}", texts("'red'"), "3"),
                example("{'const':'a\\u0001\\n\\'\\\\b'}", texts("'a\\u0001\\n\\'\\\\b'"), "'a'"),
                example("{'const':'é😀'}", texts("'é😀'"), "'\\u00e9😀'"),
                example("{'type':'integer','enum':[1,2.0,2.5,'x']}", texts("1", "2.0"), "2.5", "'x'"));
    }

    private static Stream<Example> numbers() {
        return Stream.of(
                example(
                        "{'type':'integer'}",
                        texts("0", "-1", "999999999999999"),
                        "-0",
                        "01",
                        "1.0",
                        "1e3",
                        "+1",
                        "1000000000000000",
                        "-"),
                example(
                        "{'type':'number'}",
                        texts("0", "-0.5", "1e-9", "3.14", "1E+05", "123456789012345"),
                        ".5",
                        "1.",
                        "1e",
                        "00",
                        "1e100"),
                example(
                        "{'type':'integer','minimum':-3,'maximum':12}",
                        texts("-3", "0", "12", "9"),
                        "-4",
                        "13",
                        "120",
                        "-0"),
                example(
                        "{'type':'integer','exclusiveMinimum':-3,'exclusiveMaximum':12}",
                        texts("-2", "11"),
                        "-3",
                        "12"),
                example("{'type':'integer','minimum':0.5,'maximum':2.5}", texts("1", "2"), "0", "3"),
                example(
                        "{'type':'integer','minimum':1000000000000000}",
                        texts("1000000000000000", "9999999999999999"),
                        "1"),
                example(
                        "{'type':'integer','maximum':9223372036854775807}",
                        texts("9223372036854775807", "-5"),
                        "9223372036854775808"),
                example(
                        "{'type':'number','minimum':0,'maximum':1}",
                        texts("0", "0.0", "0.999", "1", "1.000"),
                        "1.001",
                        "-0.1",
                        "1.0001",
                        "-0",
                        "1e0"),
                example(
                        "{'type':'number','minimum':-1.25,'exclusiveMaximum':2.5}",
                        texts("-1.25", "-1.2", "-0.001", "0", "2.49999", "-1.250"),
                        "-1.26",
                        "2.5",
                        "2.50",
                        "-1.2500001",
                        "-0.0"),
                example(
                        "{'type':'number','exclusiveMinimum':0.05}",
                        texts("0.051", "0.0500001", "7", "10.5"),
                        "0.05",
                        "0.050",
                        "0",
                        "0.04"),
                example("{'minimum':5,'maximum':5}", texts("5", "5.0"), "4", "6", "5.1"),
                example(
                        "{'type':'number','minimum':1e2,'maximum':1.5e2}",
                        texts("100", "150.0", "120.25"),
                        "99.99",
                        "151"));
    }

    private static Stream<Example> strings() {
        return Stream.of(
                example(
                        "{'type':'string'}",
                        texts("''", "'é😀\\n\\'\\\\'", "'a/b'"),
                        "'\n'",
                        "'\\u00e9'",
                        "'\\x'",
                        "'a"),
                example(
                        "{'type':'string','minLength':2,'maxLength':3}",
                        texts("'ab'", "'😀é\\n'"),
                        "'a'",
                        "'abcd'",
                        "''"),
                example("{'minLength':2}", texts("'ab'", "'abcdefgh'"), "'a'"),
                example("{'type':'string','pattern':'^[a-c]+$'}", texts("'abc'"), "''", "'abd'"),
                example("{'type':'string','pattern':'b'}", texts("'b'", "'abc'", "'\\nb'"), "'ac'", "''"),
                example("{'type':'string','pattern':'^a|z$'}", texts("'a'", "'abc'", "'xyz'"), "'ba'"),
                example("{'type':'string','pattern':'^.\\'$'}", texts("'a\\''"), "'a'"),
                example(
                        "{'type':'string','pattern':'^[a-z]+$','minLength':2,'maxLength':3}",
                        texts("'ab'", "'abc'"),
                        "'a'",
                        "'abcd'",
                        "'a1'"),
                example(
                        "{'type':'string','format':'date'}",
                        texts("'2024-02-29'", "'2000-02-29'", "'2023-12-31'"),
                        "'2023-02-29'",
                        "'1900-02-29'",
                        "'2023-04-31'",
                        "'2023-13-01'",
                        "'23-01-01'"),
                example(
                        "{'type':'string','format':'time'}",
                        texts("'23:59:59Z'", "'00:00:00.5+02:00'"),
                        "'24:00:00Z'",
                        "'12:00:00'"),
                example(
                        "{'type':'string','format':'date-time'}",
                        texts("'2024-02-29T10:20:30Z'"),
                        "'2024-02-29 10:20:30Z'"),
                example(
                        "{'type':'string','format':'uuid'}",
                        texts("'123e4567-e89b-12d3-a456-426614174000'"),
                        "'123e4567'"),
                example(
                        "{'type':'string','format':'email'}",
                        texts("'a.b+c@ex-ample.org'"),
                        "'a@b'",
                        "'@b.c'",
                        "'a@-b.c'"),
                example("{'type':'string','format':'ipv4'}", texts("'255.0.10.1'"), "'256.0.0.1'", "'1.2.3'"),
                example("{'type':'string','format':'date','pattern':'^2024'}", texts("'2024-01-01'"), "'2023-01-01'"));
    }

    private static Stream<Example> objects() {
        return Stream.of(
                example(
                        "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'boolean'}},'required':['a','b']}",
                        texts("{'a':1,'b':true}", "{'a': 1, 'b': false}"),
                        "{'b':true,'a':1}",
                        "{'a':1}",
                        "{}",
                        "{ 'a':1,'b':true}",
                        "{'a':1,'b':true }",
                        "{'a':1,'b':true,'c':1}",
                        "{'a':  1,'b':true}"),
                example(
                        "{'properties':{'a':{'type':'integer'},'b':{'type':'boolean'},'c':{'type':'null'}}}",
                        texts("{}", "{'a':1}", "{'b':true}", "{'a':1,'c':null}", "{'a':1,'b':true,'c':null}"),
                        "{,'a':1}",
                        "{'a':1,}",
                        "{'c':null,'a':1}",
                        "{'a':1'b':true}"),
                example(
                        "{'properties':{'a':{'type':'integer'},'b':{'type':'integer'}},'required':['b']}",
                        texts("{'b':1}", "{'a':1,'b':1}"),
                        "{'a':1}",
                        "{}"),
                example(
                        "{'type':'object','additionalProperties':{'type':'integer'}}",
                        texts("{}", "{'x':1}", "{'x':1,'y':2}"),
                        "{'x':'1'}",
                        "{'x':1 }"),
                example(
                        "{'properties':{'a':{'type':'integer'}},'additionalProperties':{'type':'boolean'}}",
                        texts("{}", "{'a':1}", "{'a':1,'b':true,'ab':false}", "{'b':true}", "{'':true}"),
                        "{'a':true}",
                        "{'b':true,'a':1}",
                        "{'b':1}"),
                example("{'type':'object'}", texts("{}", "{'x':[1,{'y':null}]}"), "[]"),
                example("{'type':'object','additionalProperties':false}", texts("{}"), "{'a':1}"),
                example("{'type':'object','required':['x']}", texts("{'x':1}", "{'x':1,'y':2}"), "{}", "{'y':2}"),
                example(
                        "{'properties':{'a\\'b\\n':{'type':'null'}},'required':['a\\'b\\n']}",
                        texts("{'a\\'b\\n':null}"),
                        "{}"));
    }

    private static Stream<Example> arrays() {
        return Stream.of(
                example(
                        "{'type':'array','items':{'type':'integer'}}",
                        texts("[]", "[1]", "[1,2, 3]"),
                        "[1,]",
                        "[,1]",
                        "['a']",
                        "[1 ]"),
                example(
                        "{'type':'array','items':{'type':'integer'},'minItems':2}",
                        texts("[1,2]", "[1,2,3,4]"),
                        "[]",
                        "[1]"),
                example(
                        "{'type':'array','items':{'type':'integer'},'minItems':1,'maxItems':2}",
                        texts("[1]", "[1,2]"),
                        "[]",
                        "[1,2,3]"),
                example("{'type':'array','maxItems':0}", texts("[]"), "[1]"),
                example(
                        "{'type':'array','prefixItems':[{'type':'integer'},{'type':'string'}]}",
                        texts("[]", "[1]", "[1,'a']"),
                        "['a']",
                        "[1,'a',2]"),
                example(
                        "{'prefixItems':[{'type':'integer'}],'items':{'type':'boolean'},'minItems':2}",
                        texts("[1,true]", "[1,true,false]"),
                        "[1]",
                        "[true]"),
                example("{'type':'array'}", texts("[]", "[null,{'a':[]}]"), "{}"),
                example("{'items':{'type':'array','items':{'enum':['a']}}}", texts("[['a'],[],['a','a']]"), "['a']"));
    }

    private static Stream<Example> combinations() {
        return Stream.of(
                example("true", texts("null", "[1,{'a':'b'}]", "[[[]]]", "-1.5e3"), "[[[[]]]]", ""),
                example("{'description':'anything'}", texts("null", "{}"), "x"),
                example(
                        "{'anyOf':[{'type':'integer'},{'type':'null'}],'title':'x','default':null}",
                        texts("1", "null"),
                        "'a'"),
                example("{'oneOf':[{'const':1},{'const':2}]}", texts("1", "2"), "3"),
                example(
                        "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'integer'}},'anyOf':[{'required':['a']},{'required':['b']}]}",
                        texts("{'a':1}", "{'b':1}", "{'a':1,'b':1}"),
                        "{}"),
                example(
                        "{'allOf':[{'type':'integer','minimum':3},{'type':'number','maximum':5}]}",
                        texts("3", "5"),
                        "2",
                        "6",
                        "4.5"),
                example(
                        "{'allOf':[{'properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'b':{'type':'null'}}}]}",
                        texts("{'a':1}", "{'a':1,'b':null}"),
                        "{}",
                        "{'b':null}"),
                example("{'$ref':'#/$defs/x~1y%20z','$defs':{'x/y z':{'type':'integer'}}}", texts("1"), "'a'"),
                example(
                        "{'properties':{'a':{'$ref':'#/definitions/n'},'b':{'$ref':'#/properties/a','description':'d'}},'required':['a','b'],'definitions':{'n':{'enum':[1,2]}}}",
                        texts("{'a':1,'b':2}"),
                        "{'a':1,'b':3}"),
                example("{'$defs':{'n':{'type':'integer'}},'$ref':'#/$defs/n','minimum':4}", texts("4"), "3"),
                example(
                        "{'$defs':{'node':{'properties':{'v':{'type':'integer'},'next':{'anyOf':[{'$ref':'#/$defs/node'},{'type':'null'}]}},'required':['v','next']}},'$ref':'#/$defs/node'}",
                        texts(
                                "{'v':1,'next':null}",
                                "{'v':1,'next':{'v':2,'next':{'v':3,'next':{'v':4,'next':null}}}}"),
                        "{'v':1}",
                        "{'v':1,'next':{'v':2,'next':{'v':3,'next':{'v':4,'next':{'v':5,'next':null}}}}}"),
                example(
                        "{'type':'object','properties':{'children':{'type':'array','items':{'$ref':'#'}}},'required':['children']}",
                        texts("{'children':[]}", "{'children':[{'children':[]},{'children':[{'children':[]}]}]}"),
                        "{}"),
                example("{'type':'integer','x-order':3,'examples':[1],'deprecated':true}", texts("1"), "null"));
    }

    @Test
    void integerRangesAreExact() {
        for (int low = -21; low <= 21; low += 3) {
            for (int high = low; high <= 130; high += 11) {
                Constraint constraint =
                        Vocabularies.schema("{\"type\":\"integer\",\"minimum\":" + low + ",\"maximum\":" + high + "}");
                for (int value = -40; value <= 150; value++) {
                    assertThat(Vocabularies.accepts(constraint, Integer.toString(value)))
                            .as("%d in [%d, %d]", value, low, high)
                            .isEqualTo(low <= value && value <= high);
                }
            }
        }
    }

    @Test
    void decimalRangesAreExact() {
        String[] bounds = {"-1.05", "-1", "-0.2", "0", "0.05", "0.5", "1", "1.15", "9.9", "10"};
        for (int i = 0; i < bounds.length; i++) {
            for (int j = i; j < bounds.length; j++) {
                for (String exclusive : new String[] {"", "exclusive"}) {
                    String lower = exclusive.isEmpty() ? "minimum" : "exclusiveMinimum";
                    if (exclusive.isEmpty() || i < j) {
                        checkDecimals(lower, Double.parseDouble(bounds[i]), Double.parseDouble(bounds[j]));
                    }
                }
            }
        }
    }

    private static void checkDecimals(String lower, double low, double high) {
        Constraint constraint =
                Vocabularies.schema("{\"type\":\"number\",\"%s\":%s,\"maximum\":%s}".formatted(lower, low, high));
        for (int hundredths = -120; hundredths <= 1_020; hundredths += 5) {
            double value = hundredths / 100.0;
            boolean expected = (lower.equals("minimum") ? low <= value : low < value) && value <= high;
            for (String text : new String[] {"%.2f".formatted(value), "%.4f".formatted(value)}) {
                boolean zero = hundredths == 0;
                assertThat(Vocabularies.accepts(constraint, zero ? text.replace("-", "") : text))
                        .as("%s in %s %s to %s", text, lower, low, high)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"string\"}", "{\"type\":\"string\",\"maxLength\":9}", "true"})
    void masksEqualTryingEveryToken(String schema) {
        byte[][] tokens = Vocabularies.small(
                "\",\"",
                "\"},{\"",
                "ab",
                "é😀",
                "\\n",
                "\\",
                " \"",
                "a\":",
                "}]",
                "abcdefghijkl",
                "true",
                "12",
                "\"}",
                ": ",
                "\"\"",
                "a\"b");
        Constraint constraint =
                Vocabularies.compiler(tokens).compile(new dev.saccade.runtime.StructuredOutput.JsonSchema(schema));

        assertThat(Masks.checkAgainstEveryToken(constraint, tokens.length, 3_000))
                .isGreaterThan(10);
    }

    @Test
    void aTokenMaySpanSeveralPiecesOfTheGrammar() {
        byte[][] tokens = Vocabularies.small("\"},{\"", "\"}, {\"", "\"}]");
        Constraint constraint = Vocabularies.compiler(tokens)
                .compile(new dev.saccade.runtime.StructuredOutput.JsonSchema(
                        "{\"items\":{\"properties\":{\"k\":{\"type\":\"string\"}},\"required\":[\"k\"]}}"));
        int state = constraint.start();
        for (char c : "[{\"k\":\"v".toCharArray()) {
            state = constraint.next(state, c);
        }

        assertThat(constraint.next(state, 256)).isNotEqualTo(Constraint.DEAD);
        assertThat(constraint.next(state, 257)).isNotEqualTo(Constraint.DEAD);
        assertThat(constraint.mustEnd(constraint.next(state, 258))).isTrue();
        assertThat(constraint.allowed(state)[256 >> 6] & 7).isEqualTo(7);
    }
}
