package dev.saccade.runtime.checkpoint.random;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One safetensors file: 8 bytes with the header's length, the header in JSON, the tensors one after the other in bf16.
 *
 * @param file its name in the folder
 * @param tensors in the order in which they are stored
 */
record Shard(String file, List<Placed> tensors) {

    /** Published shards are cut at 5 GB; a checkpoint below that is one file. */
    static final long MAX_BYTES = 5_000_000_000L;

    static final int BYTES_PER_WEIGHT = 2;

    private static final int ALIGNMENT = 8;
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * A tensor's place.
     *
     * @param offset first byte after the header
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Placed(String name, int[] shape, long offset) {

        long elements() {
            long elements = 1;
            for (int side : shape) {
                elements *= side;
            }
            return elements;
        }

        long bytes() {
            return elements() * BYTES_PER_WEIGHT;
        }
    }

    Shard {
        tensors = List.copyOf(tensors);
    }

    /** Deals tensors, in their order, to files of at most {@code maxBytes}, or of one tensor that is larger. */
    static List<Shard> plan(Map<String, int[]> shapes, long maxBytes) {
        List<List<Placed>> files = new ArrayList<>(List.of(new ArrayList<>()));
        long offset = 0;
        for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
            long bytes = new Placed(entry.getKey(), entry.getValue(), 0).bytes();
            if (offset > 0 && offset + bytes > maxBytes) {
                files.add(new ArrayList<>());
                offset = 0;
            }
            files.getLast().add(new Placed(entry.getKey(), entry.getValue(), offset));
            offset += bytes;
        }
        List<Shard> shards = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            String name = files.size() == 1
                    ? "model.safetensors"
                    : "model-%05d-of-%05d.safetensors".formatted(i + 1, files.size());
            shards.add(new Shard(name, files.get(i)));
        }
        return shards;
    }

    /** Bytes of all tensors. */
    long dataBytes() {
        return tensors.stream().mapToLong(Placed::bytes).sum();
    }

    /** Everything before the first tensor. */
    byte[] header() {
        ObjectNode root = MAPPER.createObjectNode();
        root.putObject("__metadata__").put("format", "pt"); // transformers refuses files without it
        for (Placed tensor : tensors) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", "BF16");
            ArrayNode shape = node.putArray("shape");
            for (int side : tensor.shape()) {
                shape.add(side);
            }
            node.putArray("data_offsets").add(tensor.offset()).add(tensor.offset() + tensor.bytes());
        }
        byte[] json = MAPPER.writeValueAsBytes(root);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(ALIGNMENT + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json);
        header.put(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
        return header.array();
    }
}
