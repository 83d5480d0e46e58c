package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A media file and what was in it when it was read.
 *
 * @param sha256 of its content, 64 hexadecimal digits
 */
public record FileContent(Path file, String sha256, FileStamp stamp) {

    /**
     * To be called after the file was read once more.
     *
     * @throws MediaException where it is no longer the file that has this digest
     */
    void requireUnchanged() {
        try {
            if (FileStamp.of(file).equals(stamp)) {
                return;
            }
        } catch (IOException e) {
            throw changed(e);
        }
        throw changed(null);
    }

    private static MediaException changed(@Nullable Throwable cause) {
        String message = "The media file changed while it was read; send it again once it is complete.";
        return cause == null
                ? new MediaException("media-changed", message)
                : new MediaException("media-changed", message, cause);
    }
}
