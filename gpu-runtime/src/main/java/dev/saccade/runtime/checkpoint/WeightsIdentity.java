package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.List;

/**
 * A name for a checkpoint's weights that is had without reading them: SHA-256 over each file's path, size, modification
 * time, file key and first bytes, where the header with all names, shapes and offsets lies. A file that is changed while
 * all of these stay the same keeps its name, as in {@link DigestCache}.
 */
final class WeightsIdentity {

    private static final int HEAD_BYTES = 1 << 20;

    private WeightsIdentity() {}

    static String of(List<Path> files) {
        MessageDigest sha = Fingerprint.sha256();
        try {
            for (Path file : files) {
                BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                String line = file.toRealPath() + "\n" + facts.size() + "\n" + facts.lastModifiedTime() + "\n"
                        + facts.fileKey() + "\n";
                sha.update(line.getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    sha.update(in.readNBytes(HEAD_BYTES));
                }
            }
        } catch (IOException e) {
            throw new ModelException(
                    "unreadable-file", "A file of the model folder can't be read; check its permissions.", e);
        }
        return Fingerprint.hex(sha.digest());
    }
}
