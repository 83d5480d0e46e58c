package dev.saccade.quickstart.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON schemas for kubeconform, a file for each kind: from the OpenAPI document inside Kubernetes' own module, and from the
 * definitions of the kinds that others add. Fields that they don't know are refused.
 */
final class ObjectSchemas {

    private static final String DEFINITIONS = "#/definitions/";
    private static final String KINDS = "x-kubernetes-group-version-kind";

    private final Path target;

    ObjectSchemas(Path target) {
        this.target = target;
    }

    /** @param source holds {@code swagger.json} and files of custom resource definitions */
    void write(Path source) throws IOException {
        Map<String, Object> openApi = Manifest.map(
                JsonMapper.shared().readValue(Files.readString(source.resolve("swagger.json")), Map.class));
        Map<String, Object> definitions = Manifest.map(openApi.get("definitions"));
        for (Object definition : definitions.values()) {
            if (Manifest.map(definition).get(KINDS) instanceof List<?> kinds && kinds.size() == 1) {
                Map<String, Object> kind = Manifest.map(kinds.getFirst());
                write(
                        String.valueOf(kind.get("kind")),
                        String.valueOf(kind.get("group")),
                        String.valueOf(kind.get("version")),
                        standalone(Manifest.map(definition), definitions));
            }
        }
        try (Stream<Path> files = Files.list(source)) {
            files.filter(file -> file.toString().endsWith(".yaml")).forEach(this::writeCustom);
        }
    }

    private void writeCustom(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(1000);
        try {
            for (Object document : new Yaml(new SafeConstructor(options)).loadAll(Files.readString(file))) {
                Manifest definition = new Manifest(Manifest.map(document));
                if (definition.at("spec", "versions") instanceof List<?> versions) {
                    for (Object version : versions) {
                        Manifest one = new Manifest(Manifest.map(version));
                        write(
                                definition.text("spec", "names", "kind"),
                                definition.text("spec", "group"),
                                one.text("name"),
                                strict(Manifest.map(one.at("schema", "openAPIV3Schema"))));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Under the name by which kubeconform looks for it. */
    private void write(String kind, String group, String version, Map<String, Object> schema) throws IOException {
        int dot = group.indexOf('.');
        String start = dot < 0 ? group : group.substring(0, dot);
        String name = kind.toLowerCase(Locale.ROOT) + (start.isEmpty() ? "" : "-" + start) + "-" + version + ".json";
        Files.writeString(target.resolve(name), JsonMapper.shared().writeValueAsString(schema));
    }

    /** With the definitions that it refers to, and no others. */
    private static Map<String, Object> standalone(Map<String, Object> definition, Map<String, Object> all) {
        Set<String> names = new LinkedHashSet<>();
        collect(definition, all, names);
        Map<String, Object> own = new LinkedHashMap<>(strict(definition));
        Map<String, Object> used = new LinkedHashMap<>();
        names.forEach(name -> used.put(name, definition(name, Manifest.map(all.get(name)))));
        own.put("definitions", used);
        return own;
    }

    private static Map<String, Object> definition(String name, Map<String, Object> schema) {
        return name.endsWith(".IntOrString") || name.endsWith(".Quantity")
                ? Map.of("type", List.of("string", "number"))
                : strict(schema);
    }

    private static void collect(Object value, Map<String, Object> all, Set<String> names) {
        switch (value) {
            case Map<?, ?> map -> {
                if (map.get("$ref") instanceof String reference) {
                    String name = reference.substring(DEFINITIONS.length());
                    if (names.add(name)) {
                        collect(Manifest.map(all.get(name)), all, names);
                    }
                }
                map.values().forEach(part -> collect(part, all, names));
            }
            case List<?> list -> list.forEach(part -> collect(part, all, names));
            default -> {}
        }
    }

    /** Every object with named fields has no others. */
    private static Map<String, Object> strict(Map<String, Object> schema) {
        if (Boolean.TRUE.equals(schema.get("x-kubernetes-int-or-string"))) {
            return Map.of("type", List.of("string", "number"));
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        schema.forEach((key, value) -> {
            switch (key) {
                case "properties" -> {
                    Map<String, Object> properties = new LinkedHashMap<>();
                    Manifest.map(value)
                            .forEach((name, property) -> properties.put(name, strict(Manifest.map(property))));
                    copy.put(key, properties);
                }
                case "items", "additionalProperties" ->
                    copy.put(key, value instanceof Map<?, ?> ? strict(Manifest.map(value)) : value);
                case "type",
                        "required",
                        "enum",
                        "pattern",
                        "minimum",
                        "maximum",
                        "$ref",
                        "minItems",
                        "maxItems",
                        "minLength",
                        "maxLength" -> copy.put(key, value);
                default -> {} // formats are not checked by kubeconform as Kubernetes does, and rules need a server
            }
        });
        if (copy.containsKey("properties")
                && !copy.containsKey("additionalProperties")
                && !Boolean.TRUE.equals(schema.get("x-kubernetes-preserve-unknown-fields"))) {
            copy.put("additionalProperties", false);
        }
        return copy;
    }
}
