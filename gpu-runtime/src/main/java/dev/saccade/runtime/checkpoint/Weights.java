package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds the weight files of a folder and gathers the tensors that the configuration needs, under canonical names. */
final class Weights {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final int NAMED_IN_ERRORS = 3;

    private Weights() {}

    /** {@code model.safetensors}, or the shards that the index names, in name order. */
    static List<Path> files(Path dir) {
        if (Files.exists(dir.resolve(SINGLE))) {
            return List.of(dir.resolve(SINGLE));
        }
        if (!Files.exists(dir.resolve(INDEX))) {
            throw new ModelException(
                    "missing-file",
                    "The model folder has neither " + SINGLE + " nor " + INDEX
                            + "; download the checkpoint again in full.");
        }
        JsonFile map = JsonFile.read(dir.resolve(INDEX)).object("weight_map");
        TreeSet<String> names = new TreeSet<>();
        for (Map.Entry<String, JsonNode> entry : map.node().properties()) {
            String name = entry.getValue().asString("");
            // a shard is a file of this folder: an index must not lead the engine to other places
            if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
                throw map.wrong(entry.getKey(), "the name of a .safetensors file in the same folder", entry.getValue());
            }
            names.add(name);
        }
        if (names.isEmpty()) {
            throw new ModelException("invalid-config", INDEX + " names no file; download it again.");
        }
        return names.stream().map(dir::resolve).toList();
    }

    /** The tensors of {@code expected}, checked for presence, shape and type. */
    static Map<String, Tensor> load(List<Path> files, Map<String, int[]> expected, Arena arena) {
        Map<String, SafetensorsFile.Entry> stored = new HashMap<>();
        for (Path file : files) {
            for (SafetensorsFile.Entry entry : SafetensorsFile.open(file, arena)) {
                if (stored.put(canonical(entry.storedName()), entry) != null) {
                    throw new ModelException(
                            "duplicate-tensor",
                            "Tensor " + entry.storedName() + " occurs twice in the checkpoint; remove one copy.");
                }
            }
        }
        List<String> missing = expected.keySet().stream()
                .filter(name -> !stored.containsKey(name))
                .toList();
        if (!missing.isEmpty()) {
            throw missing(missing, expected.size());
        }
        Map<String, Tensor> tensors = new HashMap<>();
        List<String> misshapen = new ArrayList<>();
        expected.forEach((name, shape) -> {
            SafetensorsFile.Entry entry = stored.get(name);
            if (entry != null && Arrays.equals(entry.shape(), shape)) {
                tensors.put(name, tensor(name, entry));
            } else if (entry != null) {
                misshapen.add(name + " is " + Arrays.toString(entry.shape()) + " where the configuration needs "
                        + Arrays.toString(shape));
            }
        });
        if (!misshapen.isEmpty()) {
            throw new ModelException(
                    "wrong-shape",
                    counted(misshapen.size(), "tensor has", "tensors have") + " another shape than config.json says: "
                            + listed(misshapen, "; ") + ".");
        }
        return Map.copyOf(tensors);
    }

    /** Newer exports put {@code model.} before {@code visual.} and {@code language_model.} into the language model's names. */
    static String canonical(String name) {
        if (name.startsWith("model.visual.")) {
            return name.substring("model.".length());
        }
        if (name.startsWith("model.language_model.")) {
            return "model." + name.substring("model.language_model.".length());
        }
        return name;
    }

    private static Tensor tensor(String name, SafetensorsFile.Entry entry) {
        DType dtype = dtype(entry.dtype());
        if (dtype == null) {
            throw new ModelException(
                    "wrong-dtype",
                    "Tensor " + name + " is stored as " + entry.dtype() + "; this engine reads BF16, F16 and F32.");
        }
        Tensor tensor = new Tensor(name, dtype, entry.shape(), entry.data());
        if (tensor.data().byteSize() != tensor.elements() * dtype.bytes()) {
            throw new ModelException(
                    "invalid-header",
                    "Tensor " + name + " takes " + tensor.data().byteSize() + " bytes, but its shape needs "
                            + tensor.elements() * dtype.bytes() + "; download the checkpoint again.");
        }
        return tensor;
    }

    private static @Nullable DType dtype(String name) {
        for (DType dtype : DType.values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        return null;
    }

    private static ModelException missing(List<String> names, int expected) {
        return new ModelException(
                "missing-tensors",
                "The checkpoint lacks " + names.size() + " of " + expected + " tensors: " + listed(names, ", ")
                        + "; download it again in full.");
    }

    private static String listed(List<String> all, String separator) {
        String first = String.join(separator, all.subList(0, Math.min(NAMED_IN_ERRORS, all.size())));
        return all.size() <= NAMED_IN_ERRORS ? first : first + " and " + (all.size() - NAMED_IN_ERRORS) + " more";
    }

    private static String counted(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
