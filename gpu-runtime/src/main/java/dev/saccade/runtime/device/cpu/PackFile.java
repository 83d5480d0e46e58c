package dev.saccade.runtime.device.cpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One packed matrix in a file, to be mapped into memory.
 *
 * <pre>
 * byte 0     magic number, layout version (int), size of the data (long at 16), checksum of samples (int at 24)
 * byte 32    key: SHA-256 of what the data was made from
 * byte 64    checksum of bytes 0 to 63
 * byte 4096  the panels of {@link PackedMatrix}, all of them checked to be finite
 * </pre>
 *
 * A file gets its name only when it is complete and on the disk, so what has the name was written to the end. The
 * checksums find files that were truncated, overwritten or damaged in many places, without reading gigabytes.
 */
final class PackFile {

    /** Changes whenever the panels of {@link PackedMatrix} do. */
    static final int LAYOUT = 1;

    private static final long MAGIC = 0x4b43_4150_4343_4153L; // "SACCPACK"
    private static final int HEADER_BYTES = 4096;
    private static final int KEY_AT = 32;
    private static final int KEY_BYTES = 32;
    private static final int CHECKSUM_AT = KEY_AT + KEY_BYTES;
    private static final int SAMPLES = 8;
    private static final int SAMPLE_BYTES = 4096;

    private PackFile() {}

    /**
     * Maps a file's panels for as long as the arena lives.
     *
     * @return null where the file isn't what was asked for; whoever asked may delete it
     */
    static @Nullable MemorySegment open(Path file, byte[] key, long bytes, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != HEADER_BYTES + bytes) {
                return null;
            }
            ByteBuffer found = ByteBuffer.allocate(CHECKSUM_AT + 4).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(found, 0);
            if (found.hasRemaining() || found.getInt(CHECKSUM_AT) != checksum(found.array())) {
                return null;
            }
            ByteBuffer expected = header(key, bytes, found.getInt(24));
            if (!Arrays.equals(found.array(), 0, CHECKSUM_AT, expected.array(), 0, CHECKSUM_AT)) {
                return null;
            }
            MemorySegment data = map(channel, bytes, arena);
            return samples(data) == found.getInt(24) ? data : null;
        }
    }

    /** Packs into a new file that has no final name yet, and maps it. */
    static MemorySegment write(Path draft, byte[] key, MatrixPacker packer, ComputePool pool, Arena arena)
            throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
            packer.pack(pool, (group, words) -> {
                if (failure.get() == null) {
                    try {
                        write(channel, words, HEADER_BYTES + 4L * group * words.length);
                    } catch (IOException e) {
                        failure.set(e);
                    }
                }
            });
            IOException failed = failure.get();
            if (failed != null) {
                throw failed;
            }
            MemorySegment data = map(channel, packer.bytes(), arena);
            write(channel, header(key, packer.bytes(), samples(data)), 0);
            return data;
        }
    }

    /** Has the file's content on the disk before this returns. */
    static void force(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer header(byte[] key, long bytes, int samples) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(0, MAGIC).putInt(8, LAYOUT).putLong(16, bytes).putInt(24, samples);
        header.put(KEY_AT, key);
        return header.putInt(CHECKSUM_AT, checksum(header.array()));
    }

    private static int checksum(byte[] header) {
        CRC32C sum = new CRC32C();
        sum.update(header, 0, CHECKSUM_AT);
        return (int) sum.getValue();
    }

    private static int samples(MemorySegment data) {
        CRC32C sum = new CRC32C();
        long size = Math.min(SAMPLE_BYTES, data.byteSize());
        for (int i = 0; i < SAMPLES; i++) {
            long at = (data.byteSize() - size) / (SAMPLES - 1) * i;
            sum.update(data.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE));
        }
        return (int) sum.getValue();
    }

    /** As plain native memory: kernels that meet two classes of segments ask at each load which one it is. */
    @SuppressWarnings("restricted") // the mapping itself lives as long as the arena
    private static MemorySegment map(FileChannel channel, long bytes, Arena arena) throws IOException {
        MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, HEADER_BYTES, bytes, arena);
        return MemorySegment.ofAddress(mapped.address()).reinterpret(bytes, arena, null);
    }

    private static void write(FileChannel channel, int[] words, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.nativeOrder());
        buffer.asIntBuffer().put(words);
        write(channel, buffer, at);
    }

    private static void write(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }
}
