package dev.saccade.ledger.jobs;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Takes a JSON schema as a text, or as the object itself, whose order and numbers are kept as they were sent. */
final class SchemaAsText extends ValueDeserializer<String> {

    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return (String) context.handleUnexpectedToken(String.class, parser);
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = JSON.createGenerator(text)) {
            copy.copyCurrentStructureExact(parser);
        }
        return text.toString();
    }
}
