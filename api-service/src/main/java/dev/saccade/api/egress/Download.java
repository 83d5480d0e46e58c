package dev.saccade.api.egress;

import java.io.InputStream;
import okhttp3.Response;

/** An answer whose body is still on its way. Close it. */
public final class Download implements AutoCloseable {

    private final Response answer;

    Download(Response answer) {
        this.answer = answer;
    }

    public int status() {
        return answer.code();
    }

    /** Whether the bytes are packed; they come as they are, and are never unpacked. */
    public boolean encoded() {
        String encoding = answer.header("Content-Encoding");
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    /** What the server says of the length; -1 where it says nothing. Less than it said is an error of {@link #content}. */
    public long length() {
        return answer.body().contentLength();
    }

    public InputStream content() {
        return answer.body().byteStream();
    }

    @Override
    public void close() {
        answer.close();
    }
}
