package dev.saccade.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Map;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Says of fields that they hold more than one type of JSON, which annotations can't: springdoc reads one type from them. */
@SuppressWarnings("rawtypes") // so in the library
final class SeveralTypes implements OpenApiCustomizer {

    private static final Set<String> ANY = Set.of("object", "array", "string", "number", "boolean", "null");
    private static final Set<String> TEXT_OR_NULL = Set.of("string", "null");

    @Override
    public void customise(OpenAPI document) {
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        set(schemas, "Parameter", "default", ANY);
        set(schemas, "JobResult", "parsed", ANY);
        set(schemas, "Completion", "parsed", ANY);
        set(schemas, "OpenAiErrorDetail", "param", TEXT_OR_NULL);
    }

    private static void set(Map<String, Schema> schemas, String name, String field, Set<String> types) {
        Schema<?> schema = schemas.get(name);
        Schema<?> value = schema == null ? null : schema.getProperties().get(field);
        if (value != null) {
            value.setTypes(types);
        }
    }
}
