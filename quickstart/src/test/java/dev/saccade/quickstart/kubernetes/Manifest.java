package dev.saccade.quickstart.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One object of a rendered chart. */
record Manifest(Map<String, Object> content) {

    private static final List<String> WITH_PODS = List.of("Deployment", "StatefulSet", "Job");

    String kind() {
        return String.valueOf(content.get("kind"));
    }

    String name() {
        return text("metadata", "name");
    }

    /** The value at a path, or null. */
    @Nullable
    Object at(String... path) {
        Object value = content;
        for (String key : path) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }

    /** The value at a path as text, empty where there is none. */
    String text(String... path) {
        Object value = at(path);
        return value == null ? "" : value.toString();
    }

    /** The number at a path, which must be there. */
    int number(String... path) {
        return Integer.parseInt(text(path));
    }

    Optional<Manifest> podSpec() {
        if (kind().equals("Pod")) {
            return Optional.of(new Manifest(map(content.get("spec"))));
        }
        return WITH_PODS.contains(kind())
                ? Optional.of(new Manifest(map(at("spec", "template", "spec"))))
                : Optional.empty();
    }

    /** The labels that its pods get. */
    Map<String, Object> podLabels() {
        return map(kind().equals("Pod") ? at("metadata", "labels") : at("spec", "template", "metadata", "labels"));
    }

    /** Of a pod's specification: containers that start and that stay. */
    List<Manifest> containers() {
        return Stream.of("initContainers", "containers")
                .map(content::get)
                .flatMap(list -> list instanceof List<?> some ? some.stream() : Stream.empty())
                .map(container -> new Manifest(map(container)))
                .toList();
    }

    /** Of a container: its variables, each with its value, or what it is taken from. */
    List<Map<String, Object>> environment() {
        return content.get("env") instanceof List<?> list
                ? list.stream().map(Manifest::map).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
