package dev.saccade.api.usage;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.ledger.usage.Usage;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What tenants use. */
@Tag(name = "Usage", description = "Tokens, device seconds and bytes by key and day, and what is left of the quotas.")
@RestController
final class UsageController {

    private static final int MOST_DAYS = 93;
    private static final int MOST_ROWS = 10_000;
    private static final int DAYS = 30;

    private final Usage usage;
    private final Tenants tenants;

    UsageController(Usage usage, Tenants tenants) {
        this.usage = usage;
        this.tenants = tenants;
    }

    @Operation(operationId = "getUsage", summary = "Your tenant's usage by day and key", description = "Right at once.")
    @ApiResponse(responseCode = "200", description = "Usage, and what is taken of the quotas")
    @GetMapping(path = "/v1/usage", produces = MediaType.APPLICATION_JSON_VALUE)
    UsageDocument own(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(
                            description = "First day (UTC); 30 days ago where it is left out",
                            schema = @Schema(type = "string", format = "date"))
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(
                            description = "Last day, at most 92 later; today where it is left out",
                            schema = @Schema(type = "string", format = "date"))
                    @RequestParam(required = false)
                    @Nullable
                    String to) {
        return read(caller.tenantId(), from, to);
    }

    @Operation(operationId = "getTenantUsage", summary = "A tenant's usage, for those who run the platform")
    @ApiResponse(responseCode = "200", description = "Usage, and what is taken of the quotas")
    @GetMapping(path = "/v1/tenants/{id}/usage", produces = MediaType.APPLICATION_JSON_VALUE)
    UsageDocument ofTenant(
            @PathVariable String id,
            @Parameter(schema = @Schema(type = "string", format = "date")) @RequestParam(required = false) @Nullable
                    String from,
            @Parameter(schema = @Schema(type = "string", format = "date")) @RequestParam(required = false) @Nullable
                    String to) {
        return read(ExternalId.TENANT.parse(id).orElseThrow(() -> ProblemException.notFound("tenant")), from, to);
    }

    private UsageDocument read(UUID tenantId, @Nullable String from, @Nullable String to) {
        LocalDate last = day("to", to, LocalDate.now(ZoneOffset.UTC));
        LocalDate first = day("from", from, last.minusDays(DAYS));
        if (first.isAfter(last) || first.plusDays(MOST_DAYS).isBefore(last.plusDays(1))) {
            throw parameter("from", "Give from as 0 to " + (MOST_DAYS - 1) + " days before to.");
        }
        var tenant = tenants.find(tenantId).orElseThrow(() -> ProblemException.notFound("tenant"));
        var rows = usage.list(tenantId, first, last, MOST_ROWS + 1);
        if (rows.size() > MOST_ROWS) {
            throw parameter("from", "These days have more than " + MOST_ROWS + " entries. Ask for fewer days.");
        }
        return UsageDocument.of(rows, usage.now(tenantId), tenant.limits());
    }

    private static LocalDate day(String name, @Nullable String given, LocalDate otherwise) {
        if (given == null) {
            return otherwise;
        }
        try {
            LocalDate day = LocalDate.parse(given);
            if (day.getYear() >= 2000 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeParseException malformed) {
            // told below
        }
        throw parameter(name, "Give " + name + " as a day such as 2026-11-26.");
    }

    private static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }
}
