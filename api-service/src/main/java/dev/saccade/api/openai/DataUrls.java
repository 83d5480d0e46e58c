package dev.saccade.api.openai;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON body whose data URLs go to files while it is read: of {@code "data:video/mp4;base64,AAAA…"} the reader gets
 * {@code "data:video/mp4;base64,0"}, with the number of the file. So no body, however large its clips, is ever in memory. Both
 * what stands around them and they are bounded; behind a bound the rest is read and thrown away, so that a client that sends
 * first and reads then gets to read why.
 */
final class DataUrls extends InputStream {

    private static final byte[] SCHEME = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final String MARK = ";base64";
    private static final int LONGEST_HEADER = 200;
    private static final int BUFFER = 64 << 10;
    /** Of a body that is too large anyway; who sends more sees the connection end. */
    private static final long MOST_THROWN_AWAY = 1L << 30;

    private final InputStream body;
    private final Path folder;
    private final long maxText;
    private final long maxMedia;
    private final List<SpooledMedia> media = new ArrayList<>();
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;
    private long text;
    private long mediaBytes;

    private Place place = Place.OUTSIDE;
    private int matched;
    private boolean escaped;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private byte[] replacement = {};
    private int replaced;

    private enum Place {
        OUTSIDE,
        /** In a string, which so far is a beginning of {@code data:}. */
        SCHEME,
        /** Behind {@code data:}, before a comma. */
        HEADER,
        STRING
    }

    /**
     * @param folder for the files
     * @param maxText most bytes around the data URLs
     * @param maxMedia most bytes that they stand for, together
     */
    DataUrls(InputStream body, Path folder, long maxText, long maxMedia) {
        this.body = body;
        this.folder = folder;
        this.maxText = maxText;
        this.maxMedia = maxMedia;
    }

    /** The files, by number, as far as the body has been read. They are gone when this is closed. */
    List<SpooledMedia> media() {
        return media;
    }

    @Override
    public int read() throws IOException {
        if (replaced < replacement.length) {
            return replacement[replaced++];
        }
        int letter = fromBody();
        if (letter < 0) {
            return -1;
        }
        if (++text > maxText) {
            throwAway();
            throw new ProblemException(
                    413, "body-too-large", "The body is larger than the limit of " + maxText + " bytes. Shorten it.");
        }
        follow(letter);
        return letter;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int letter = read();
            if (letter < 0) {
                break;
            }
            target[offset + count++] = (byte) letter;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() {
        media.forEach(file -> file.spool().close());
    }

    private int fromBody() throws IOException {
        if (next == end) {
            next = 0;
            end = Math.max(0, body.read(buffer, 0, BUFFER));
            if (end == 0) {
                return -1;
            }
        }
        return buffer[next++] & 0xff;
    }

    private void follow(int letter) throws IOException {
        switch (place) {
            case OUTSIDE -> {
                if (letter == '"') {
                    place = Place.SCHEME;
                    matched = 0;
                }
            }
            case SCHEME -> {
                if (letter != SCHEME[matched]) {
                    place = Place.STRING;
                    string(letter);
                } else if (++matched == SCHEME.length) {
                    place = Place.HEADER;
                    header.reset();
                }
            }
            case HEADER -> {
                if (escaped) {
                    escaped = false;
                    if (letter == '/') {
                        header.write(letter);
                    } else {
                        place = Place.STRING;
                    }
                } else if (letter == '\\') {
                    escaped = true;
                } else if (letter == ','
                        && header.toString(StandardCharsets.ISO_8859_1).endsWith(MARK)) {
                    place = Place.STRING;
                    payload();
                } else if (letter == '"' || letter == ',' || header.size() == LONGEST_HEADER) {
                    place = Place.STRING;
                    string(letter);
                } else {
                    header.write(letter);
                }
            }
            case STRING -> string(letter);
        }
    }

    private void string(int letter) {
        if (escaped) {
            escaped = false;
        } else if (letter == '\\') {
            escaped = true;
        } else if (letter == '"') {
            place = Place.OUTSIDE;
        }
    }

    /** Reads what stands behind the comma, and leaves its closing quotation mark to the reader. */
    private void payload() throws IOException {
        Spool spool = Spool.create(folder);
        media.add(new SpooledMedia(spool, declared()));
        var decoder = new Base64Text(spool);
        int letter = fromBody();
        while (letter != '"') {
            if (letter < 0) {
                throw new ProblemException(400, "malformed-json", "The body ends within a data URL.");
            }
            mediaBytes += decoder.add(letter == '\\' ? unescaped() : (char) letter);
            if (mediaBytes > maxMedia) {
                throwAway();
                throw new ProblemException(
                        413,
                        "data-url-too-large",
                        "The data URLs of one request may hold " + maxMedia
                                + " bytes. Upload the file (POST /v1/files or /v1/videos) and name its id instead.");
            }
            letter = fromBody();
        }
        mediaBytes += decoder.finish();
        next--;
        replacement = Integer.toString(media.size() - 1).getBytes(StandardCharsets.US_ASCII);
        replaced = 0;
    }

    private String declared() {
        String type = header.toString(StandardCharsets.ISO_8859_1);
        return type.substring(0, type.length() - MARK.length());
    }

    /** Some writers escape what base64 has: / as \/, and + and = by their code points. */
    private char unescaped() throws IOException {
        int letter = fromBody();
        if (letter != 'u') {
            return switch (letter) {
                case 'n', 'r', 't' -> ' ';
                default -> (char) letter;
            };
        }
        int point = 0;
        for (int i = 0; i < 4; i++) {
            point = 16 * point + Math.max(0, Character.digit(fromBody(), 16));
        }
        return (char) point;
    }

    private void throwAway() throws IOException {
        long thrown = 0;
        for (int read = 0; read >= 0 && thrown < MOST_THROWN_AWAY; thrown += read) {
            read = body.read(buffer, 0, BUFFER);
        }
        next = 0;
        end = 0;
    }
}
