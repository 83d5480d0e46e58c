package dev.saccade.runtime.kv;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Computes {@link BlockKey}s, one pass of SHA-256 for each. For one thread. */
public final class BlockHasher {

    private static final int LONGEST = 4_096; // bytes of one block: 16 tokens, each at worst with a picture of its own

    private final MessageDigest sha;
    private final ByteBuffer input = ByteBuffer.allocate(LONGEST);
    private final byte[] digest = new byte[32];
    private final ByteBuffer words = ByteBuffer.wrap(digest);

    public BlockHasher() {
        try {
            this.sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Begins a block.
     *
     * @param before key of the block before; null for a sequence's first
     * @param promptRows how many of the block's tokens were read as prompt; the others were sampled, and a device may have
     *     computed them by another kernel
     */
    public void begin(@Nullable BlockKey before, int promptRows) {
        input.clear();
        if (before != null) {
            input.putLong(before.first()).putLong(before.second());
            input.putLong(before.third()).putLong(before.fourth());
        }
        input.put((byte) (before == null ? 0 : 1)).put((byte) promptRows);
    }

    public void token(int id) {
        input.put((byte) 'T').putInt(id);
    }

    /**
     * Some of the block's tokens are visual ones.
     *
     * @param place of the first of them in the block
     * @param media key of the image or video: its content and all options that took effect
     * @param offset number of the first of them among the medium's visual tokens
     */
    public void visual(int place, String media, int offset) {
        byte[] key = media.getBytes(StandardCharsets.UTF_8);
        input.put((byte) 'V').put((byte) place).putInt(key.length).put(key).putInt(offset);
    }

    /** Ends the block. */
    public BlockKey end() {
        sha.update(input.flip());
        try {
            sha.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        return new BlockKey(words.getLong(0), words.getLong(8), words.getLong(16), words.getLong(24));
    }
}
