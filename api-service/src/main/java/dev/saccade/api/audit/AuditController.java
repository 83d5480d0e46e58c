package dev.saccade.api.audit;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.audit.AuditFilter;
import dev.saccade.ledger.audit.AuditReader;
import dev.saccade.ledger.audit.AuditSealer;
import dev.saccade.ledger.audit.AuditVerification;
import dev.saccade.ledger.audit.AuditVerifier;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The tenant's audit log. */
@Tag(name = "Audit", description = "Who did what: read, verify and export your tenant's audit log.")
@RestController
@RequestMapping("/v1/audit")
final class AuditController {

    private static final int LARGEST_PAGE = 100;
    private static final int SEALED_BEFORE = 10_000;

    private final AuditReader reader;
    private final AuditVerifier verifier;
    private final AuditSealer sealer;
    private final AuditExport export;
    private final Semaphore verifying = new Semaphore(1);

    AuditController(AuditReader reader, AuditVerifier verifier, AuditSealer sealer) {
        this.reader = reader;
        this.verifier = verifier;
        this.sealer = sealer;
        export = new AuditExport(reader);
    }

    @Operation(operationId = "listAuditEvents", summary = "Events, newest first")
    @ApiResponse(responseCode = "200", description = "A page of events")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    AuditDocument.Page list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @Parameter(description = "Id of a job, a video, a key, ...") @RequestParam(required = false) @Nullable
                    String subject,
            @Parameter(description = "Not before", schema = @Schema(type = "string", format = "date-time"))
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "Before", schema = @Schema(type = "string", format = "date-time"))
                    @RequestParam(required = false)
                    @Nullable
                    String until,
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw parameter("limit", "Give limit as a number from 1 to " + LARGEST_PAGE + ".");
        }
        UUID cursor = after == null
                ? null
                : ExternalId.AUDIT_EVENT
                        .parse(after)
                        .orElseThrow(() -> parameter("after", "Give after as the next_cursor of the page before."));
        AuditFilter filter = filter(actor, action, subject, from, until);
        try {
            var found = reader.newestFirst(caller.tenantId(), filter, cursor, limit + 1);
            var page = found.stream().limit(limit).map(AuditDocument::of).toList();
            boolean more = found.size() > limit;
            return new AuditDocument.Page(page, more, more ? page.getLast().id() : null);
        } catch (QueryTimeoutException tooMuch) {
            throw parameter("from", "This searches too many events. Give from and until, closer together.");
        }
    }

    @Operation(
            operationId = "verifyAudit",
            summary = "Verify the chain",
            description =
                    "Reads the whole log and recomputes every hash. Finds what was changed, removed, put in or reordered.")
    @ApiResponse(responseCode = "200", description = "Whether the log is intact, and what is wrong where it isn't")
    @GetMapping(path = "/verification", produces = MediaType.APPLICATION_JSON_VALUE)
    AuditDocument.Verification verify(@Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller) {
        if (!verifying.tryAcquire()) {
            throw ProblemException.unavailable(
                            "verification-running", "This instance verifies a log already. Try again when it is done.")
                    .retryAfter(Duration.ofSeconds(10));
        }
        try {
            sealer.seal(SEALED_BEFORE);
            return switch (verifier.verify(caller.tenantId())) {
                case AuditVerification.Intact intact ->
                    new AuditDocument.Verification(
                            true,
                            intact.segments(),
                            intact.events(),
                            intact.expired(),
                            intact.pending(),
                            intact.head(),
                            null,
                            null);
                case AuditVerification.Broken broken ->
                    new AuditDocument.Verification(
                            false,
                            broken.segment(),
                            null,
                            null,
                            null,
                            null,
                            broken.event() == null ? null : ExternalId.AUDIT_EVENT.format(broken.event()),
                            broken.reason());
            };
        } finally {
            verifying.release();
        }
    }

    @Operation(
            operationId = "exportAudit",
            summary = "All events, oldest first, as JSONL or CSV",
            description = "Streamed. In CSV no cell is taken for a formula by a spreadsheet.")
    @ApiResponse(
            responseCode = "200",
            description = "One event a line",
            content = {
                @Content(mediaType = "application/jsonl", schema = @Schema(type = "string")),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
            })
    @GetMapping("/export")
    void export(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(
                            schema =
                                    @Schema(
                                            allowableValues = {"jsonl", "csv"},
                                            defaultValue = "jsonl"))
                    @RequestParam(defaultValue = "jsonl")
                    String format,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String subject,
            @Parameter(schema = @Schema(type = "string", format = "date-time"))
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(schema = @Schema(type = "string", format = "date-time"))
                    @RequestParam(required = false)
                    @Nullable
                    String until,
            HttpServletResponse response)
            throws IOException {
        AuditExport.Format wanted =
                AuditExport.Format.parse(format).orElseThrow(() -> parameter("format", "Give format as jsonl or csv."));
        AuditFilter filter = filter(actor, action, subject, from, until);
        response.setContentType(wanted.mediaType());
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"audit." + wanted.text() + "\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        export.write(caller.tenantId(), filter, wanted, response.getOutputStream());
    }

    private static AuditFilter filter(
            @Nullable String actor,
            @Nullable String action,
            @Nullable String subject,
            @Nullable String from,
            @Nullable String until) {
        return new AuditFilter(
                text("actor", actor),
                text("action", action),
                subject(subject),
                time("from", from),
                time("until", until));
    }

    private static @Nullable String text(String name, @Nullable String given) {
        if (given != null && (given.length() > 200 || given.indexOf('\0') >= 0)) {
            throw parameter(name, "Give " + name + " as at most 200 characters.");
        }
        return given;
    }

    private static @Nullable UUID subject(@Nullable String given) {
        return given == null
                ? null
                : Arrays.stream(ExternalId.values())
                        .map(kind -> kind.parse(given))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElseThrow(() -> parameter("subject", "Give subject as an id such as job_... or vid_...."));
    }

    private static @Nullable Instant time(String name, @Nullable String given) {
        if (given == null) {
            return null;
        }
        try {
            Instant time = Instant.parse(given);
            if (time.isAfter(Instant.EPOCH) && time.isBefore(Instant.parse("9999-01-01T00:00:00Z"))) {
                return time;
            }
        } catch (DateTimeParseException malformed) {
            // told below
        }
        throw parameter(name, "Give " + name + " as a time such as 2026-11-26T15:00:00Z.");
    }

    private static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }
}
