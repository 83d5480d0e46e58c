package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The header of one safetensors file, mapped into memory: 8 bytes of header length, a JSON header that gives each tensor's
 * type, shape and byte range, then the data. Everything is checked against the file's size before any of it is used.
 */
final class SafetensorsFile {

    private static final long MAX_HEADER_BYTES = 100L << 20;
    private static final byte[] LFS_POINTER = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A tensor under the name that the file gives it; {@code dtype} as written, e.g. {@code "BF16"}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String storedName, String dtype, int[] shape, long begin, long end, MemorySegment data) {}

    private SafetensorsFile() {}

    /** Maps the file for as long as the arena lives. */
    static List<Entry> open(Path path, Arena arena) {
        String file = String.valueOf(path.getFileName());
        if (!Files.isRegularFile(path)) {
            throw new ModelException(
                    "missing-file", "The model folder has no " + file + "; download the checkpoint again in full.");
        }
        MemorySegment mapped;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new ModelException(
                    "unreadable-file", file + " can't be read; check its permissions and the disk.", e);
        }
        long headerBytes = headerBytes(file, mapped);
        byte[] header = mapped.asSlice(8, headerBytes).toArray(ValueLayout.JAVA_BYTE);
        JsonNode json = JsonFile.parse("The header of " + file, header).node();
        return entries(file, json, mapped.asSlice(8 + headerBytes));
    }

    private static long headerBytes(String file, MemorySegment mapped) {
        long size = mapped.byteSize();
        if (startsWithPointer(mapped)) {
            throw new ModelException(
                    "lfs-pointer",
                    file + " is a Git LFS pointer instead of the weights; fetch them with \"git lfs pull\".");
        }
        if (size < 8) {
            throw truncated(file, 8, size);
        }
        long headerBytes = mapped.get(LONG, 0);
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
            throw new ModelException(
                    "invalid-header",
                    file + " is not a safetensors file: it claims a header of " + Long.toUnsignedString(headerBytes)
                            + " bytes; the limit is " + MAX_HEADER_BYTES + ".");
        }
        if (8 + headerBytes > size) {
            throw truncated(file, 8 + headerBytes, size);
        }
        return headerBytes;
    }

    private static boolean startsWithPointer(MemorySegment mapped) {
        return mapped.byteSize() >= LFS_POINTER.length
                && mapped.asSlice(0, LFS_POINTER.length).mismatch(MemorySegment.ofArray(LFS_POINTER)) == -1;
    }

    private static List<Entry> entries(String file, JsonNode header, MemorySegment data) {
        List<Entry> entries = new ArrayList<>();
        long end = 0;
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                Entry entry = entry(file, field.getKey(), field.getValue());
                entries.add(entry);
                end = Math.max(end, entry.end());
            }
        }
        if (end > data.byteSize()) {
            throw truncated(file, end, data.byteSize());
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (i > 0 && entry.begin() < entries.get(i - 1).end()) {
                throw invalid(
                        file,
                        entry.storedName(),
                        "overlaps " + entries.get(i - 1).storedName());
            }
            entries.set(
                    i,
                    new Entry(
                            entry.storedName(),
                            entry.dtype(),
                            entry.shape(),
                            entry.begin(),
                            entry.end(),
                            data.asSlice(entry.begin(), entry.end() - entry.begin())));
        }
        return entries;
    }

    private static Entry entry(String file, String name, JsonNode json) {
        JsonNode dtype = json.path("dtype");
        JsonNode shape = json.path("shape");
        JsonNode offsets = json.path("data_offsets");
        if (!dtype.isString() || !shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw invalid(file, name, "lacks its dtype, shape or data_offsets");
        }
        int[] sides = new int[shape.size()];
        for (int i = 0; i < sides.length; i++) {
            JsonNode side = shape.get(i);
            if (!side.isIntegralNumber() || !side.canConvertToInt() || side.intValue() < 0) {
                throw invalid(file, name, "has the impossible shape " + abbreviate(shape));
            }
            sides[i] = side.intValue();
        }
        if (!isOffset(offsets.get(0)) || !isOffset(offsets.get(1))) {
            throw invalid(file, name, "has the impossible byte range " + abbreviate(offsets));
        }
        long begin = offsets.get(0).longValue();
        long end = offsets.get(1).longValue();
        if (begin > end) {
            throw invalid(file, name, "has the impossible byte range " + abbreviate(offsets));
        }
        return new Entry(name, dtype.stringValue(), sides, begin, end, MemorySegment.NULL);
    }

    private static boolean isOffset(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
    }

    private static String abbreviate(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static ModelException truncated(String file, long expected, long found) {
        return new ModelException(
                "truncated-file",
                file + " is truncated: its header describes " + expected + " bytes, the file has " + found
                        + "; download it again.");
    }

    private static ModelException invalid(String file, String tensor, String what) {
        return new ModelException("invalid-header", file + " is damaged: tensor " + tensor + " " + what + ".");
    }
}
