package dev.saccade.runtime.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of a sequence as its tokens come. Bytes of an unfinished UTF-8 character are held back; bytes that can't become one
 * are U+FFFD. For one sequence, one thread at a time.
 */
public final class Detokenizer {

    private static final int LONGEST_UTF8 = 4;

    private final Tokenizer tokenizer;
    private final boolean skipSpecial;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer held = ByteBuffer.allocate(64);

    /** Leaves special tokens out. */
    public Detokenizer(Tokenizer tokenizer) {
        this(tokenizer, true);
    }

    /** @param skipSpecial leave special tokens such as {@code <|im_end|>} out of the text */
    public Detokenizer(Tokenizer tokenizer, boolean skipSpecial) {
        this.tokenizer = tokenizer;
        this.skipSpecial = skipSpecial;
    }

    /** The text that has become final with this token, perhaps empty. */
    public String push(int tokenId) {
        if (skipSpecial && tokenizer.isSpecial(tokenId)) {
            return "";
        }
        byte[] bytes = tokenizer.bytes(tokenId);
        if (bytes.length > held.remaining()) {
            held = ByteBuffer.allocate(bytes.length + LONGEST_UTF8 + held.position())
                    .put(held.flip());
        }
        held.put(bytes);
        return decode(false);
    }

    /** What is still held back, at the end of the sequence. */
    public String finish() {
        String rest = decode(true);
        decoder.reset();
        return rest;
    }

    private String decode(boolean end) {
        held.flip();
        CharBuffer characters = CharBuffer.allocate(held.remaining() + 1);
        decoder.decode(held, characters, end);
        held.compact();
        return characters.flip().toString();
    }
}
