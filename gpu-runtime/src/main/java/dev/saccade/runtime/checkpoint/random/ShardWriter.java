package dev.saccade.runtime.checkpoint.random;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Fills the weight files, a chunk at a time for each processor, so that memory stays the same however large they are. */
final class ShardWriter {

    private static final int CHUNK_WEIGHTS = 1 << 22; // 8 MiB
    private static final int CHUNK_BYTES = CHUNK_WEIGHTS * Shard.BYTES_PER_WEIGHT;

    /** A run of weights of one tensor. */
    private record Chunk(FileChannel file, long position, Shard.Placed tensor, long first, int count) {}

    private final List<Chunk> chunks;
    private final long seed;
    private final LongConsumer progress;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private volatile boolean failed;

    private ShardWriter(List<Chunk> chunks, long seed, LongConsumer progress) {
        this.chunks = chunks;
        this.seed = seed;
        this.progress = progress;
    }

    static void write(List<Shard> shards, long seed, Path folder, LongConsumer progress) throws IOException {
        List<FileChannel> files = new ArrayList<>();
        try {
            // All files exist before the first chunk is written: whoever removes the folder finds them.
            List<Chunk> chunks = new ArrayList<>();
            for (Shard shard : shards) {
                FileChannel file = FileChannel.open(
                        folder.resolve(shard.file()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                files.add(file);
                byte[] header = shard.header();
                writeFully(file, ByteBuffer.wrap(header), 0);
                chunks.addAll(chunks(shard, file, header.length));
            }
            new ShardWriter(chunks, seed, progress).run();
        } finally {
            for (FileChannel file : files) {
                file.close();
            }
        }
    }

    private static List<Chunk> chunks(Shard shard, FileChannel file, long start) {
        List<Chunk> chunks = new ArrayList<>();
        for (Shard.Placed tensor : shard.tensors()) {
            for (long first = 0; first < tensor.elements(); first += CHUNK_WEIGHTS) {
                long position = start + tensor.offset() + first * Shard.BYTES_PER_WEIGHT;
                int count = (int) Math.min(CHUNK_WEIGHTS, tensor.elements() - first);
                chunks.add(new Chunk(file, position, tensor, first, count));
            }
        }
        return chunks;
    }

    private void run() throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                workers.add(executor.submit(() -> {
                    work();
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            failed = true;
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void work() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        try {
            for (int i = next.getAndIncrement(); i < chunks.size() && !failed; i = next.getAndIncrement()) {
                Chunk chunk = chunks.get(i);
                new WeightGenerator(seed, chunk.tensor().name(), chunk.tensor().shape())
                        .fill(chunk.first(), chunk.count(), memory);
                int bytes = chunk.count() * Shard.BYTES_PER_WEIGHT;
                writeFully(chunk.file(), buffer.clear().limit(bytes), chunk.position());
                progress.accept(written.addAndGet(bytes));
            }
        } catch (IOException | RuntimeException | Error e) {
            failed = true; // the others stop at their next chunk
            throw e;
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }
}
