package dev.saccade.api.uploads;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.StoreUnavailableException;
import dev.saccade.api.videos.UploadProblems;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a client has put into the store piece by piece, as one stream. It ends with a problem where the store fails, or a
 * piece has shrunk since it was looked at; nobody takes either for the end of the file.
 */
final class StagedContent extends InputStream {

    /**
     * @param key of an object
     * @param bytes that it has
     */
    record Piece(String key, long bytes) {}

    private final ObjectStore store;
    private final Iterator<Piece> pieces;
    private final byte[] single = new byte[1];
    private @Nullable InputStream current;
    private long left;

    StagedContent(ObjectStore store, List<Piece> pieces) {
        this.store = store;
        this.pieces = pieces.iterator();
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        while (left == 0) {
            close();
            if (!pieces.hasNext()) {
                return -1;
            }
            open(pieces.next());
        }
        int read = next(buffer, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new ProblemException(
                    409, "part-changed", "A part was replaced while the file was checked. Begin a new upload.");
        }
        left -= read;
        return read;
    }

    private int next(byte[] buffer, int offset, int length) {
        try {
            return Objects.requireNonNull(current).read(buffer, offset, length);
        } catch (IOException failure) {
            throw UploadProblems.storeUnavailable();
        }
    }

    private void open(Piece piece) {
        try {
            current = store.read(piece.key(), 0, piece.bytes());
            left = piece.bytes();
        } catch (StoreUnavailableException failure) {
            throw UploadProblems.storeUnavailable();
        }
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
