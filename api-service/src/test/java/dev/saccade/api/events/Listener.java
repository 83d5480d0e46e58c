package dev.saccade.api.events;

import dev.saccade.api.running.Client;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of one stream, which reads as a browser would. */
final class Listener implements AutoCloseable {

    record Event(String id, String name, JsonNode data) {}

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final HttpResponse<Stream<String>> response;
    private final Thread reader;

    private Listener(Client client, String path, String... headers) {
        try {
            response = http.send(client.request(path, headers).build(), BodyHandlers.ofLines());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(failure);
        }
        reader = Thread.ofVirtual().start(() -> read(response.body()));
    }

    static Listener to(Client client, String job) {
        return new Listener(client, "/v1/jobs/" + job + "/events");
    }

    static Listener from(Client client, String job, String lastEventId) {
        return new Listener(client, "/v1/jobs/" + job + "/events", "Last-Event-ID", lastEventId);
    }

    HttpResponse<?> response() {
        return response;
    }

    /** All that has come, in order. */
    List<Event> events() {
        return List.copyOf(events);
    }

    List<Event> events(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    List<String> states() {
        return events("state").stream()
                .map(event -> event.data().path("state").asString())
                .toList();
    }

    /** The text of one answer, put together by offset; fails where a piece doesn't join up. */
    String text(int index, String known) {
        var text = new StringBuilder(known);
        for (var event : events("text")) {
            if (event.data().path("index").asInt() == index) {
                int offset = event.data().path("offset").asInt();
                if (offset == 0) {
                    text.setLength(0); // another attempt
                }
                if (offset != text.length()) {
                    throw new AssertionError("A piece at " + offset + " behind " + text.length() + " characters");
                }
                text.append(event.data().path("text").asString());
            }
        }
        return text.toString();
    }

    String lastId() {
        return events.stream().map(Event::id).filter(id -> !id.isEmpty()).reduce("", (before, after) -> after);
    }

    List<String> comments() {
        return List.copyOf(comments);
    }

    boolean hasEnded() {
        return !reader.isAlive();
    }

    private void read(Stream<String> lines) {
        try {
            var block = new ArrayList<String>();
            lines.forEach(line -> {
                if (line.startsWith(":")) {
                    comments.add(line.substring(1).strip());
                } else if (line.isEmpty()) {
                    event(block);
                    block.clear();
                } else {
                    block.add(line);
                }
            });
        } catch (RuntimeException broken) {
            // the test has closed the connection
        }
    }

    private void event(List<String> block) {
        String id = "";
        String name = "";
        String data = "";
        for (String line : block) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon)) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> data = value;
                default -> {}
            }
        }
        if (!data.isEmpty()) {
            events.add(new Event(id, name, JsonMapper.shared().readTree(data)));
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
