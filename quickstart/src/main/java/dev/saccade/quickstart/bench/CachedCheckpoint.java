package dev.saccade.quickstart.bench;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.UserFolders;
import dev.saccade.runtime.checkpoint.random.RandomCheckpoint;
import dev.saccade.runtime.checkpoint.random.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Random weights that are made once and kept for later runs. */
final class CachedCheckpoint {

    private CachedCheckpoint() {}

    /** The folder that holds the checkpoint, made now where there is none. */
    static Path folder(RandomCheckpoint checkpoint, Shape shape, int layers, LongConsumer progress) throws IOException {
        Path cache = UserFolders.cache(UserFolders.data()).resolve("random-checkpoints");
        Path folder = cache.resolve(shape.label() + "-" + layers + "-layers");
        if (!Files.exists(folder.resolve("config.json"))) {
            Files.createDirectories(cache);
            checkpoint.write(folder, ModelOptions.demoModel(), null, progress);
        }
        return folder;
    }
}
