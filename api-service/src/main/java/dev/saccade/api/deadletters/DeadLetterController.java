package dev.saccade.api.deadletters;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.paging.Pages;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.deadletters.DeadLetters;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dead letters, for those who run the platform: ids and reasons, nothing of what a job asks. */
@Tag(name = "Dead letters", description = "For those who run the platform: messages that the broker gave up on.")
@RestController
@RequestMapping(path = "/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
final class DeadLetterController {

    private final DeadLetters letters;

    DeadLetterController(DeadLetters letters) {
        this.letters = letters;
    }

    @Operation(
            operationId = "listDeadLetters",
            summary = "Dead letters, newest first",
            description = "All tenants'. Kept for 30 days.")
    @ApiResponse(responseCode = "200", description = "A page of dead letters")
    @GetMapping
    DeadLetterDocument.Page list(
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        Pages.requireLimit(limit);
        var found = letters.list(Pages.cursor(ExternalId.DEAD_LETTER, after), limit + 1);
        var page = found.stream().limit(limit).map(DeadLetterDocument::of).toList();
        boolean more = found.size() > limit;
        return new DeadLetterDocument.Page(page, more, more ? page.getLast().id() : null);
    }

    @Operation(
            operationId = "requeueDeadLetter",
            summary = "Announce a dead letter's job again",
            description = "Its tenant's audit log tells who did. The job itself is not changed.")
    @ApiResponse(
            responseCode = "202",
            description = "A new message about the job waits to be published",
            content = @Content(schema = @Schema(implementation = DeadLetterDocument.class)))
    @ApiResponse(responseCode = "409", description = "There is no such job, or it doesn't wait")
    @PostMapping("/{id}/requeue")
    ResponseEntity<DeadLetterDocument> requeue(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        UUID letter = ExternalId.DEAD_LETTER.parse(id).orElseThrow(DeadLetterController::unknown);
        return switch (letters.requeue(letter, "platform:" + caller.actor())) {
            case DONE ->
                ResponseEntity.accepted()
                        .body(DeadLetterDocument.of(letters.find(letter).orElseThrow(DeadLetterController::unknown)));
            case NOT_FOUND -> throw unknown();
            case NO_JOB ->
                throw new ProblemException(
                        409,
                        "no-job",
                        "The message named no job that there is. Look for who else writes to the queue.");
            case NOT_WAITING ->
                throw new ProblemException(
                        409, "job-not-waiting", "The job runs or is finished. There is nothing to announce.");
        };
    }

    private static ProblemException unknown() {
        return ProblemException.notFound("dead-letter");
    }
}
