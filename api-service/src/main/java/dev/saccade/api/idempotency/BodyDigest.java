package dev.saccade.api.idempotency;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** A request whose body is hashed as it is read, so that none of it has to be kept. */
public final class BodyDigest extends HttpServletRequestWrapper {

    private static final String ATTRIBUTE = "dev.saccade.api.idempotency.body";

    private final MessageDigest digest = sha256();
    private @Nullable ServletInputStream body;

    BodyDigest(HttpServletRequest request) {
        super(request);
        request.setAttribute(ATTRIBUTE, this);
    }

    /** SHA-256 of the whole body; reads what nobody has read yet. Ask once. */
    public static byte[] of(HttpServletRequest request) {
        if (!(request.getAttribute(ATTRIBUTE) instanceof BodyDigest hashed)) {
            throw new IllegalStateException("The filter that hashes bodies is missing.");
        }
        try {
            byte[] rest = new byte[8192];
            var stream = hashed.getInputStream();
            while (stream.read(rest, 0, rest.length) >= 0) {
                continue;
            }
            return hashed.digest.digest();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new Hashed(super.getInputStream());
        }
        return body;
    }

    private final class Hashed extends ServletInputStream {

        private final ServletInputStream source;

        Hashed(ServletInputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            int read = source.read();
            if (read >= 0) {
                digest.update((byte) read);
            }
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = source.read(buffer, offset, length);
            if (read > 0) {
                digest.update(buffer, offset, read);
            }
            return read;
        }

        @Override
        public boolean isFinished() {
            return source.isFinished();
        }

        @Override
        public boolean isReady() {
            return source.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            source.setReadListener(listener);
        }
    }
}
