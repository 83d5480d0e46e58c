package dev.saccade.quickstart.annotate;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.runs.MediaFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds clips and images below a folder, by their names. */
final class ClipFolder {

    private ClipFolder() {}

    /** Files by their path below the folder, with {@code /} in it. What can't be looked at is told and passed over. */
    static SortedMap<String, Path> clips(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UserError("there is no folder " + folder);
        }
        SortedMap<String, Path> clips = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                if (MediaFiles.isMedia(file)) {
                    clips.put(folder.relativize(file).toString().replace('\\', '/'), file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                System.err.println("saccade: " + file + " can't be looked at and is left out");
                return FileVisitResult.CONTINUE;
            }
        });
        if (clips.isEmpty()) {
            throw new UserError("there are no clips (mp4, m4v, mov, mkv, webm, jpg, jpeg, png) below " + folder);
        }
        return clips;
    }
}
