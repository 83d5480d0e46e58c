package dev.saccade.quickstart.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;

/** A file as the field {@code file} of a multipart form, read while it is sent. */
final class MultipartFile {

    private final Path file;
    private final LongConsumer sent;
    private final String boundary = "saccade-" + UUID.randomUUID();

    MultipartFile(Path file, LongConsumer sent) {
        this.file = file;
        this.sent = sent;
    }

    String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    BodyPublisher publisher() throws IOException {
        String name = String.valueOf(file.getFileName())
                .replace("\"", "%22")
                .replace("\r", "")
                .replace("\n", "");
        byte[] head = ("--" + boundary + "\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(UTF_8);
        long length = head.length + Files.size(file) + tail.length;
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> open(head, tail));
        return BodyPublishers.fromPublisher(stream, length);
    }

    private InputStream open(byte[] head, byte[] tail) {
        try {
            return new SequenceInputStream(Collections.enumeration(List.of(
                    new ByteArrayInputStream(head),
                    new Counted(Files.newInputStream(file), sent),
                    new ByteArrayInputStream(tail))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Counted extends FilterInputStream {

        private final LongConsumer sent;
        private long count;

        Counted(InputStream in, LongConsumer sent) {
            super(in);
            this.sent = sent;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            if (read > 0) {
                count += read;
                sent.accept(count);
            }
            return read;
        }
    }
}
