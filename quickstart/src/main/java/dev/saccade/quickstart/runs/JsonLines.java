package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A file of JSON objects, one a line, that survives {@code kill -9} and power cuts: each line is on the disk before
 * {@link #append} returns, and a line that was cut off is taken away when the file is opened again.
 */
public final class JsonLines implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private JsonLines(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file, or makes it.
     *
     * @param line is given what is there, in order
     * @throws UserError where another program writes to it, or a line is no JSON object
     */
    public static JsonLines open(Path file, Consumer<JsonNode> line) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(file, channel);
            JsonLines lines = new JsonLines(file, channel);
            lines.read(line);
            return lines;
        } catch (IOException | RuntimeException | Error failure) {
            channel.close();
            throw failure;
        }
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        boolean free;
        try {
            free = channel.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            free = false;
        }
        if (!free) {
            throw new UserError(file + " is being written by another run: wait for its end, or name another file");
        }
    }

    /** What stands behind the last line's end was cut off in the middle. */
    private void read(Consumer<JsonNode> line) throws IOException {
        // not closed: that would close the channel, and give up its lock
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long position = 0;
        long end = 0;
        long number = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            position++;
            if (next != '\n') {
                bytes.write(next);
                continue;
            }
            number++;
            line.accept(parsed(bytes.toString(StandardCharsets.UTF_8), number));
            bytes.reset();
            end = position;
        }
        channel.truncate(end);
        channel.position(end);
    }

    private JsonNode parsed(String text, long number) {
        try {
            JsonNode node = Json.MAPPER.readTree(text);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException broken) {
            // told below
        }
        throw new UserError(
                file + ", line " + number + ": this is no JSON object. Remove the line, or name another file");
    }

    /** Writes a line and waits until the disk has it. */
    public void append(Object line) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.wrap((Json.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
