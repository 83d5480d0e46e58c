package dev.saccade.worker.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The SHA-256 of each file of a checkpoint, as {@code sha256sum} writes them.
 *
 * @param files digests in lower-case hexadecimal by plain file name
 */
record Checksums(Map<String, String> files) {

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]*)");

    Checksums {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** @throws UnusableCheckpointException where a line is no digest with a plain file name */
    static Checksums parse(String text) {
        var files = new TreeMap<String, String>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            var matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new UnusableCheckpointException(
                        "The checksums have a line that is not a SHA-256 and a file name: \"" + line
                                + "\". Write them as `sha256sum *` does in the model's folder.");
            }
            files.put(matcher.group(2), matcher.group(1));
        }
        return new Checksums(files);
    }

    /** One text for all of them, by which a finished folder is known. */
    String all() {
        var text = new StringBuilder();
        files.forEach(
                (name, digest) -> text.append(digest).append("  ").append(name).append('\n'));
        return text.toString();
    }

    /** Copies all of it and returns the SHA-256 of what went through. */
    static String copy(InputStream from, OutputStream to) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        byte[] buffer = new byte[1 << 20];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            digest.update(buffer, 0, read);
            to.write(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
