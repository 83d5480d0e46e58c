package dev.saccade.runtime.checkpoint.random;

import dev.saccade.runtime.checkpoint.ExpectedTensors;
import dev.saccade.runtime.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a checkpoint folder of random weights, with every file that a published one has. The same shape, layers and seed
 * give the same bytes, on any machine.
 */
public final class RandomCheckpoint {

    /** What the JSON files, and rounding to blocks, can take besides the weights. */
    private static final long SMALL_FILES_BYTES = 64L << 20;

    private final Shape shape;
    private final ModelConfig config;
    private final List<Shard> shards;
    private final long seed;

    /**
     * Plans a checkpoint; nothing is written yet.
     *
     * @param layers decoder layers, at most the shape's own
     */
    public RandomCheckpoint(Shape shape, int layers, long seed) {
        this(shape, layers, seed, Shard.MAX_BYTES);
    }

    RandomCheckpoint(Shape shape, int layers, long seed, long shardBytes) {
        this.shape = shape;
        this.config = shape.config(layers);
        this.shards = Shard.plan(ExpectedTensors.of(config), shardBytes);
        this.seed = seed;
    }

    public ModelConfig config() {
        return config;
    }

    /** Bytes of all weights. */
    public long weightBytes() {
        return shards.stream().mapToLong(Shard::dataBytes).sum();
    }

    /**
     * Writes the folder. It appears under its name when it is complete, and not at all where writing fails or the process is
     * told to end.
     *
     * @param folder must not exist, or be empty
     * @param demoModel the demo model's folder, from which tokenizer and chat template are taken
     * @param tokenizer a published {@code tokenizer.json} to take in place of a made-up one; null makes one up
     * @param progress told, by any thread, how many bytes of weights have been written so far
     * @throws FileSystemException where the folder holds something, or the disk has too little room
     */
    public void write(Path folder, Path demoModel, @Nullable Path tokenizer, LongConsumer progress) throws IOException {
        try (UnfinishedFolder unfinished = UnfinishedFolder.besides(folder)) {
            requireRoom(folder, unfinished.path());
            new FolderFiles(demoModel, shape, tokenizer).write(unfinished.path(), config, shards);
            ShardWriter.write(shards, seed, unfinished.path(), progress);
            unfinished.publish();
        }
    }

    private void requireRoom(Path folder, Path onSameDisk) throws IOException {
        long free = Files.getFileStore(onSameDisk).getUsableSpace();
        long needed = weightBytes() + SMALL_FILES_BYTES;
        if (free < needed) {
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    String.format(
                            Locale.ROOT,
                            "the weights take %.1f GB, but its disk has only %.1f GB free; make room, choose another disk,"
                                    + " or fewer layers",
                            needed / 1e9,
                            free / 1e9));
        }
    }
}
