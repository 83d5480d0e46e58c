package dev.saccade.api.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Says of every field of a request's body that may be left out that it may be null too, which is read as the same. */
@SuppressWarnings("rawtypes") // so in the library
final class OptionalFields implements OpenApiCustomizer {

    private static final String COMPONENTS = "#/components/schemas/";
    private static final String NULL = "null";

    @Override
    public void customise(OpenAPI document) {
        Set<String> done = new HashSet<>();
        Map<String, Schema> schemas = document.getComponents().getSchemas();
        document.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .filter(operation -> operation.getRequestBody() != null)
                .flatMap(operation -> operation.getRequestBody().getContent().values().stream())
                .forEach(content -> visit(content.getSchema(), schemas, done));
    }

    private static void visit(@Nullable Schema<?> schema, Map<String, Schema> schemas, Set<String> done) {
        if (schema == null) {
            return;
        }
        String reference = schema.get$ref();
        if (reference != null && reference.startsWith(COMPONENTS)) {
            String name = reference.substring(COMPONENTS.length());
            if (done.add(name)) {
                visit(schemas.get(name), schemas, done);
            }
        }
        visit(schema.getItems(), schemas, done);
        if (schema.getOneOf() != null) {
            schema.getOneOf().forEach(one -> visit(one, schemas, done));
        }
        if (schema.getProperties() != null) {
            Map<String, Schema> properties = new LinkedHashMap<>();
            schema.getProperties().forEach((name, property) -> {
                visit(property, schemas, done);
                boolean required =
                        schema.getRequired() != null && schema.getRequired().contains(name);
                properties.put(name, required ? property : orNull(property));
            });
            schema.setProperties(properties);
        }
    }

    private static Schema<?> orNull(Schema<?> property) {
        Set<String> types = property.getTypes();
        if (types == null || property.getEnum() != null) {
            return new Schema<>()
                    .description(property.getDescription())
                    .anyOf(List.of(property, new Schema<>().types(Set.of(NULL))));
        }
        Set<String> withNull = new HashSet<>(types);
        withNull.add(NULL);
        property.setTypes(withNull);
        return property;
    }
}
