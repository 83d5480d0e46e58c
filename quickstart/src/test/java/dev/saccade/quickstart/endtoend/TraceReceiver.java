package dev.saccade.quickstart.endtoend;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** Takes spans by OTLP over HTTP, as a collector would. */
final class TraceReceiver implements AutoCloseable {

    record Span(String trace, String id, String parent, String name, String raw) {}

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    TraceReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            // ExportTraceServiceRequest.resource_spans.scope_spans.spans
            fields(exchange.getRequestBody().readAllBytes(), (resource, inResource) -> {
                if (resource == 1) {
                    fields(inResource, (scope, inScope) -> {
                        if (scope == 2) {
                            fields(inScope, (span, inSpan) -> {
                                if (span == 2) {
                                    spans.add(span(inSpan));
                                }
                            });
                        }
                    });
                }
            });
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    private static Span span(byte[] message) {
        var text = new String[] {"", "", "", ""};
        fields(message, (field, value) -> {
            switch (field) {
                case 1 -> text[0] = HexFormat.of().formatHex(value);
                case 2 -> text[1] = HexFormat.of().formatHex(value);
                case 4 -> text[2] = HexFormat.of().formatHex(value);
                case 5 -> text[3] = new String(value, StandardCharsets.UTF_8);
                default -> {}
            }
        });
        return new Span(text[0], text[1], text[2], text[3], new String(message, StandardCharsets.UTF_8));
    }

    /** The length-delimited fields of a protobuf message. */
    private static void fields(byte[] message, BiConsumer<Integer, byte[]> each) {
        var in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag & 7)) {
                case 0 -> {
                    long unused = varint(in);
                }
                case 1 -> in.getLong();
                case 2 -> {
                    var value = new byte[(int) varint(in)];
                    in.get(value);
                    each.accept((int) (tag >>> 3), value);
                }
                case 5 -> in.getInt();
                default -> throw new IllegalStateException("No protobuf");
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
