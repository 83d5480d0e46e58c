package dev.saccade.api.openai;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.Spool;
import java.io.IOException;
import java.util.Base64;

/** Decodes base64 that comes letter by letter into a file. */
final class Base64Text {

    private static final int LETTERS = 64 << 10; // a multiple of four

    private final Spool file;
    private final byte[] letters = new byte[LETTERS];
    private int count;
    private boolean padded;

    Base64Text(Spool file) {
        this.file = file;
    }

    /** Returns how many bytes were written by it. */
    int add(char letter) throws IOException {
        if (Character.isWhitespace(letter)) {
            return 0;
        }
        if (letter > 0x7f || (padded && letter != '=')) {
            throw invalid();
        }
        padded = letter == '=';
        letters[count++] = (byte) letter;
        return count == LETTERS ? flush() : 0;
    }

    /** Call at the end; returns how many bytes were written by it. */
    int finish() throws IOException {
        return flush();
    }

    private int flush() throws IOException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(java.util.Arrays.copyOf(letters, count));
        } catch (IllegalArgumentException no) {
            throw invalid();
        }
        count = 0;
        file.write(bytes, 0, bytes.length);
        return bytes.length;
    }

    private static ProblemException invalid() {
        return new ProblemException(
                400, "invalid-data-url", "A data URL is no valid base64. Encode the file's bytes as RFC 4648 says.");
    }
}
