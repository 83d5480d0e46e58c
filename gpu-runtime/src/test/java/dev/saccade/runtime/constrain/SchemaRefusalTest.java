package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be kept to, or would cost too much, is refused with its name and place, or the limit. */
class SchemaRefusalTest {

    private static void assertRefused(String schema, String code, String... message) {
        assertThatThrownBy(() -> Vocabularies.schema(schema))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(message);
    }

    private static void assertTooLarge(String schema) {
        assertThatThrownBy(() -> Vocabularies.schema(schema))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("schema-too-large"))
                .hasMessageMatching("(?s).*(at most|more than|deeper than) [0-9,]+.*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "if; {}",
                "then; {}",
                "not; {}",
                "patternProperties; {}",
                "uniqueItems; true",
                "multipleOf; 2",
                "contains; {}",
                "dependentRequired; {}",
                "dependentSchemas; {}",
                "propertyNames; {}",
                "minProperties; 1",
                "maxProperties; 1",
                "unevaluatedProperties; false",
                "additionalItems; false",
                "$dynamicRef; '#x'",
                "maxLenght; 5",
            })
    void keywordsThatConstrainOtherwiseAreNamedWithTheirPlace(String keyword, String value) {
        assertRefused(
                "{'properties':{'a/b':{'items':{'KEY':VALUE}}}}"
                        .replace("KEY", keyword)
                        .replace("VALUE", value)
                        .replace('\'', '"'),
                "schema-unsupported",
                "'" + keyword + "'",
                "'#/properties/a~1b/items'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'type':'string','format':'uri'}; schema-unsupported; the format 'uri'",
                "{'items':[{}]}; schema-unsupported; prefixItems",
                "{'enum':['a'],'minLength':1}; schema-unsupported; 'minLength' beside 'enum'",
                "{'$ref':'http://x.org/a'}; schema-unsupported; http://x.org/a",
                "{'$ref':'#/$defs/x'}; schema-invalid; leads nowhere",
                "{'$ref':'#'}; schema-unsupported; leads back to itself",
                "{'anyOf':[{'$ref':'#'},{'type':'null'}]}; schema-unsupported; leads back to itself",
                "{'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'allOf':[{'$ref':'#/$defs/a'}]}},'$ref':'#/$defs/a'}; schema-unsupported; leads back to itself",
                "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']}; schema-unsatisfiable; '#'",
                "{'type':'integer','minimum':3,'maximum':2}; schema-unsatisfiable; No JSON value",
                "{'type':'string','minLength':3,'maxLength':2}; schema-unsatisfiable; No JSON value",
                "{'enum':[]}; schema-unsatisfiable; No JSON value",
                "{'const':1,'allOf':[{'const':2}]}; schema-unsatisfiable; No JSON value",
                "false; schema-unsatisfiable; No JSON value",
                "{'properties':{'a':{}},'required':['b'],'additionalProperties':false}; schema-unsupported; 'b' is required",
                "{'allOf':[{'properties':{'a':{}},'additionalProperties':false},{'properties':{'b':{}}}]}; schema-unsupported; can't be merged",
                "{'allOf':[{'pattern':'a'},{'pattern':'b'}]}; schema-unsupported; 'pattern' in several parts",
                "{'type':'strin'}; schema-invalid; no type",
                "{'type':'string','minLength':-1}; schema-invalid; 'minLength'",
                "{'type':'string','maxLength':1.5}; schema-invalid; 'maxLength'",
                "{'minimum':'1'}; schema-invalid; must be a number",
                "{'exclusiveMinimum':true}; schema-invalid; must be a number",
                "{'properties':[]}; schema-invalid; must be an object",
                "{'required':[1]}; schema-invalid; strings",
                "{'anyOf':[]}; schema-invalid; at least one",
                "{'a':; schema-invalid; not JSON",
                "{'type':'null','type':'null'}; schema-invalid; duplicate",
                "[]; schema-invalid; must be an object",
                "`` ; schema-invalid; JSON",
                "{} x; schema-invalid; not JSON",
                "{'const':'\\ud800'}; schema-invalid; surrogate",
                "{'pattern':'(?=a)'}; regex-invalid; lookahead",
                "{'pattern':'(a{1000}){1000}'}; schema-too-large; states",
                "{'minimum':1e999999999}; schema-too-large; 30 digits",
                "{'minimum':1e-999999999}; schema-too-large; 15 after the point",
                "{'maxLength':1e999999999}; schema-too-large; more than 5,000",
                "{'maxLength':5001}; schema-too-large; more than 5,000",
                "{'minItems':1001}; schema-too-large; more than 1,000",
            })
    void badSchemasSayWhy(String schema, String code, String message) {
        assertRefused(schema.replace('\'', '"'), code, message);
    }

    @Test
    void whatExplodesIsRefused() {
        // arrays of arrays of arrays, each item written out
        assertTooLarge("{\"items\":{\"items\":{\"type\":\"string\"},\"maxItems\":1000},\"maxItems\":1000}");
        // 2 references each 20 levels deep
        assertTooLarge("{\"$defs\":{"
                + IntStream.range(0, 20)
                        .mapToObj(i -> "\"d" + i + "\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d" + (i + 1)
                                + "\"},\"b\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}}}")
                        .collect(Collectors.joining(","))
                + ",\"d20\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/d0\"}");
        // the same through anyOf alone
        assertTooLarge("{\"$defs\":{"
                + IntStream.range(0, 30)
                        .mapToObj(i -> "\"d" + i + "\":{\"anyOf\":[{\"$ref\":\"#/$defs/d" + (i + 1)
                                + "\"},{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}]}")
                        .collect(Collectors.joining(","))
                + ",\"d30\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/d0\"}");
        // and through allOf
        assertTooLarge("{\"$defs\":{"
                + IntStream.range(0, 30)
                        .mapToObj(i -> "\"d" + i + "\":{\"allOf\":[{\"$ref\":\"#/$defs/d" + (i + 1)
                                + "\"},{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}]}")
                        .collect(Collectors.joining(","))
                + ",\"d30\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/d0\"}");
        // many ways through one object that recurs
        assertTooLarge("{\"properties\":{"
                + IntStream.range(0, 60)
                        .mapToObj(i -> "\"p" + i + "\":{\"$ref\":\"#\"}")
                        .collect(Collectors.joining(","))
                + "}}");
        assertTooLarge("{\"items\":{\"type\":\"string\",\"maxLength\":5000},\"maxItems\":1000}");
        assertTooLarge("{\"type\":\"string\",\"pattern\":\"(a|b)*a(a|b){20}\"}");
    }

    @Test
    void deepAndLongSchemasAreRefused() {
        assertRefused("{\"items\":".repeat(5_000) + "{}" + "}".repeat(5_000), "schema-invalid", "128 deep");
        assertTooLarge("{\"items\":".repeat(100) + "{}" + "}".repeat(100));
        assertTooLarge("{\"allOf\":[".repeat(60) + "{\"type\":\"null\"}" + "]}".repeat(60));
        assertRefused("{\"description\":\"" + "x".repeat(70_000) + "\"}", "schema-too-large", "at most 65,536");
    }

    @Test
    void manyOptionalPropertiesAreNotManyOrders() {
        String schema = "{\"properties\":{"
                + IntStream.range(0, 200)
                        .mapToObj(i -> "\"property_" + i + "\":{\"type\":\"boolean\"}")
                        .collect(Collectors.joining(","))
                + "}}";

        Constraint constraint = Vocabularies.schema(schema);

        assertThat(Vocabularies.accepts(constraint, "{\"property_3\":true,\"property_150\": false}"))
                .isTrue();
        assertThat(Vocabularies.accepts(constraint, "{\"property_150\":true,\"property_3\":false}"))
                .isFalse();
    }
}
