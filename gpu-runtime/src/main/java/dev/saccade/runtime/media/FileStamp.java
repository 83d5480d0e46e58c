package dev.saccade.runtime.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * What changes when a file's content does: size, times and identity. Users can set a modification time, but not the time
 * of the last change of the file's record ({@code ctime}), so that both together show every write but one within the
 * clock's last tick.
 *
 * @param identity device and inode
 */
public record FileStamp(long bytes, FileTime modified, FileTime changed, String identity) {

    /** Longer than a tick of any file system's clock that is in use (FAT: two seconds). */
    private static final Duration TICK = Duration.ofSeconds(3);

    static FileStamp of(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    facts.size(), facts.lastModifiedTime(), facts.lastModifiedTime(), String.valueOf(facts.fileKey()));
        }
        Map<String, Object> facts = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,fileKey");
        return new FileStamp(
                (Long) Objects.requireNonNull(facts.get("size")),
                (FileTime) Objects.requireNonNull(facts.get("lastModifiedTime")),
                (FileTime) Objects.requireNonNull(facts.get("ctime")),
                String.valueOf(facts.get("fileKey")));
    }

    /** Whether another write could no longer leave these times as they are. */
    boolean settled(Instant now) {
        Instant settled = now.minus(TICK);
        return modified.toInstant().isBefore(settled) && changed.toInstant().isBefore(settled);
    }
}
