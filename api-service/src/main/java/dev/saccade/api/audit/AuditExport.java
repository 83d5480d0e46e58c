package dev.saccade.api.audit;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.audit.AuditEvent;
import dev.saccade.ledger.audit.AuditFilter;
import dev.saccade.ledger.audit.AuditReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes a tenant's events, oldest first, while it reads them: no page of the log waits for a slow client. */
final class AuditExport {

    private static final int PAGE = 1_000;

    private final AuditReader reader;

    AuditExport(AuditReader reader) {
        this.reader = reader;
    }

    /** What can be written. */
    enum Format {
        JSONL("application/jsonl", "", event -> ApiJson.MAPPER.writeValueAsString(AuditDocument.of(event)) + "\n"),
        CSV(
                "text/csv",
                CsvRow.of("id", "at", "actor", "action", "subject_type", "subject", "detail"),
                AuditExport::csv);

        private final String mediaType;
        private final String head;
        private final Function<AuditEvent, String> line;

        Format(String mediaType, String head, Function<AuditEvent, String> line) {
            this.mediaType = mediaType;
            this.head = head;
            this.line = line;
        }

        String mediaType() {
            return mediaType;
        }

        /** In parameters and names of files. */
        String text() {
            return this == JSONL ? "jsonl" : "csv";
        }

        static Optional<Format> parse(String text) {
            return Arrays.stream(values())
                    .filter(format -> format.text().equals(text))
                    .findFirst();
        }
    }

    void write(UUID tenantId, AuditFilter filter, Format format, OutputStream out) throws IOException {
        out.write(format.head.getBytes(StandardCharsets.UTF_8));
        @Nullable UUID after = null;
        List<AuditEvent> page;
        do {
            page = reader.oldestFirst(tenantId, filter, after, PAGE);
            for (AuditEvent event : page) {
                out.write(format.line.apply(event).getBytes(StandardCharsets.UTF_8));
                after = event.id();
            }
        } while (page.size() == PAGE);
        out.flush();
    }

    private static String csv(AuditEvent event) {
        AuditDocument document = AuditDocument.of(event);
        return CsvRow.of(
                document.id(),
                document.at().toString(),
                document.actor(),
                document.action(),
                document.subjectType(),
                document.subject(),
                event.detail());
    }
}
