package dev.saccade.runtime.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A safetensors file of reference values, read whole: apart from the product's own reader on purpose, so that a
 * mistake there can't hide itself.
 */
public final class GoldenTensors {

    /** One tensor; {@code data} is little endian and starts at position 0. */
    @SuppressWarnings("ArrayRecordComponent") // read only in tests
    public record Golden(String dtype, int[] shape, ByteBuffer data) {

        public int elements() {
            int count = 1;
            for (int side : shape) {
                count = Math.multiplyExact(count, side);
            }
            return count;
        }

        /** Values of an F32 tensor, or of a U8 or I64 tensor as floats. */
        public float[] floats() {
            float[] values = new float[elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = switch (dtype) {
                    case "F32" -> data.getFloat(4 * i);
                    case "U8" -> data.get(i) & 0xff;
                    case "I64" -> data.getLong(8 * i);
                    default -> throw new IllegalStateException("unexpected dtype " + dtype);
                };
            }
            return values;
        }

        /** Values of a U8 tensor. */
        public byte[] bytes() {
            if (!dtype.equals("U8")) {
                throw new IllegalStateException("expected U8, not " + dtype);
            }
            byte[] values = new byte[elements()];
            data.get(0, values);
            return values;
        }

        /** Values of an I64 tensor. */
        public long[] longs() {
            if (!dtype.equals("I64")) {
                throw new IllegalStateException("expected I64, not " + dtype);
            }
            long[] values = new long[elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = data.getLong(8 * i);
            }
            return values;
        }
    }

    private final Map<String, Golden> tensors;

    private GoldenTensors(Map<String, Golden> tensors) {
        this.tensors = tensors;
    }

    /** Reads {@code /goldens/<name>.safetensors} from the test resources. */
    public static GoldenTensors read(String name) {
        try (InputStream in = GoldenTensors.class.getResourceAsStream("/goldens/" + name + ".safetensors")) {
            if (in == null) {
                throw new IllegalArgumentException("no reference values named " + name);
            }
            return parse(ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads {@code /goldens/<name>.json} from the test resources. */
    public static JsonNode json(String name) {
        try (InputStream in = GoldenTensors.class.getResourceAsStream("/goldens/" + name + ".json")) {
            if (in == null) {
                throw new IllegalArgumentException("no reference values named " + name);
            }
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenTensors parse(ByteBuffer file) {
        int headerBytes = Math.toIntExact(file.getLong(0));
        byte[] header = new byte[headerBytes];
        file.get(8, header);
        Map<String, Golden> tensors = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(new String(header, StandardCharsets.UTF_8))
                .properties()
                .forEach(entry -> {
                    if (!entry.getKey().equals("__metadata__")) {
                        tensors.put(entry.getKey(), tensor(entry.getValue(), file, 8 + headerBytes));
                    }
                });
        return new GoldenTensors(tensors);
    }

    private static Golden tensor(JsonNode entry, ByteBuffer file, int dataStart) {
        var shape = new ArrayList<Integer>();
        entry.get("shape").forEach(side -> shape.add(side.intValue()));
        int start = entry.get("data_offsets").get(0).intValue();
        int end = entry.get("data_offsets").get(1).intValue();
        ByteBuffer data = file.slice(dataStart + start, end - start).order(ByteOrder.LITTLE_ENDIAN);
        return new Golden(
                entry.get("dtype").stringValue(),
                shape.stream().mapToInt(Integer::intValue).toArray(),
                data);
    }

    public Set<String> names() {
        return tensors.keySet();
    }

    public Golden get(String name) {
        Golden tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor " + name + " among " + names());
        }
        return tensor;
    }

    public float[] floats(String name) {
        return get(name).floats();
    }
}
