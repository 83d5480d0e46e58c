package dev.saccade.api.batches;

import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.jobs.JobIntake;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.batches.BatchIntakes;
import dev.saccade.ledger.batches.BatchLine;
import dev.saccade.ledger.batches.BatchSource;
import dev.saccade.ledger.batches.Intake;
import dev.saccade.ledger.batches.IntakeLostException;
import dev.saccade.ledger.batches.Opening;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.MediaUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes a stream of lines in as a batch, chunk by chunk. */
public final class BatchIntake {

    private static final int CHUNK_LINES = 500;
    private static final int CHUNK_CHARACTERS = 1 << 20;
    private static final String REPEATED = LineErrors.of(
            "custom-id-repeated", "/custom_id", "An earlier line has this custom_id. Give each line one of its own.");

    private final JobIntake jobs;
    private final BatchIntakes ledger;
    private final OutboxRelay relay;
    private final BatchLimits limits;

    BatchIntake(JobIntake jobs, BatchIntakes ledger, OutboxRelay relay, BatchLimits limits) {
        this.jobs = jobs;
        this.ledger = ledger;
        this.relay = relay;
        this.limits = limits;
    }

    /** A batch whose lines are in, and whether a request before this had brought them. */
    public record Taken(UUID batchId, boolean repeated) {}

    /**
     * Takes all lines in.
     *
     * @param key the idempotency key: a request with the same key and body goes on where this one breaks off
     * @throws ProblemException where nothing, or not all, could be taken
     */
    Taken take(Caller caller, @Nullable String key, InputStream body) throws IOException {
        return take(caller, key, body, null, null);
    }

    /**
     * Takes all lines of a file in.
     *
     * @param source the file
     * @param form how its lines say what they ask for
     */
    public Taken take(
            Caller caller,
            @Nullable String key,
            InputStream file,
            @Nullable BatchSource source,
            @Nullable BatchForm form)
            throws IOException {
        var lines = new Lines(file, limits.maxLineBytes());
        Lines.Line first = firstOf(lines);
        return switch (ledger.open(caller.tenantId(), caller.actor(), key, Lines.nothing(), source)) {
            case Opening.Busy busy -> throw Idempotency.inUse();
            case Opening.Closed(var batch, var intake) -> {
                skip(lines, intake);
                if (batch.errorCode() == null && lines.read() != null) {
                    throw Idempotency.reused();
                }
                yield new Taken(batch.id(), true);
            }
            case Opening.Open(var intake) -> {
                takeRest(caller, lines, first, intake, form);
                yield new Taken(intake.batchId(), false);
            }
        };
    }

    private static Lines.Line firstOf(Lines lines) throws IOException {
        Lines.Line first = lines.read();
        if (first == null) {
            throw new ProblemException(
                    422, "batch-empty", "The body has no lines. Send one JSON object a line, or videos and a request.");
        }
        return first;
    }

    /** Reads what was taken before, which must be the same. The first line has been read. */
    private static void skip(Lines lines, Intake intake) throws IOException {
        while (lines.number() < intake.lines() && lines.read() != null) {
            continue;
        }
        if (intake.lines() > 0 && !Arrays.equals(lines.digest(), intake.digest())) {
            throw Idempotency.reused();
        }
    }

    private void takeRest(Caller caller, Lines lines, Lines.Line first, Intake intake, @Nullable BatchForm form)
            throws IOException {
        try {
            Lines.Line next = first;
            if (intake.lines() > 0) {
                skip(lines, intake);
                next = lines.read();
            }
            while (next != null) {
                next = takeChunk(caller, lines, next, intake, form);
            }
            ledger.complete(intake);
        } catch (IntakeLostException lost) {
            throw new ProblemException(
                    409,
                    "batch-closed",
                    "The batch takes no more lines: it was cancelled, or another request goes on with it. GET it.");
        } catch (IOException | RuntimeException | Error failure) {
            breakOff(intake, failure);
            throw failure;
        }
    }

    /** Returns the first line of the next chunk. */
    private Lines.@Nullable Line takeChunk(
            Caller caller, Lines lines, Lines.Line first, Intake intake, @Nullable BatchForm form) throws IOException {
        List<LineReading> chunk = new ArrayList<>();
        long characters = 0;
        Lines.Line next = first;
        long read = first.number();
        byte[] digest = lines.digest();
        while (next != null && chunk.size() < CHUNK_LINES && characters < CHUNK_CHARACTERS) {
            if (next.number() > limits.maxLines()) {
                throw tooLong(intake);
            }
            if (!next.isBlank()) {
                chunk.add(
                        form == null
                                ? LineReading.of(next, limits.maxLineBytes())
                                : LineReading.of(next, limits.maxLineBytes(), form));
                characters += next.text() == null ? 0 : next.text().length();
            }
            read = next.number();
            digest = lines.digest();
            next = lines.read();
        }
        take(caller, chunk, read, digest, intake);
        return next;
    }

    private ProblemException tooLong(Intake intake) {
        String told = "A batch has at most " + limits.maxLines()
                + " lines. Those before were taken; submit the others as another batch.";
        ledger.refuseRest(intake, "batch-too-long", told);
        return new ProblemException(413, "batch-too-long", told);
    }

    private void take(Caller caller, List<LineReading> chunk, long read, byte[] digest, Intake intake) {
        List<BatchLine> checked = checked(caller, chunk);
        while (true) {
            try {
                ledger.take(intake, checked, read, digest, REPEATED);
                relay.wake();
                return;
            } catch (MediaUnavailableException gone) { // deleted since it was checked
                checked = without(checked, gone.videoId());
            }
        }
    }

    private static List<BatchLine> without(List<BatchLine> lines, UUID videoId) {
        String error = LineErrors.of("video-not-ready", "/body", "A video or image of this job is not there any more.");
        return lines.stream()
                .map(line -> line instanceof BatchLine.Job job
                                && job.job().request().mediaIds().contains(videoId)
                        ? new BatchLine.Wrong(job.line(), job.customId(), error)
                        : line)
                .toList();
    }

    private List<BatchLine> checked(Caller caller, List<LineReading> chunk) {
        var readable = chunk.stream()
                .filter(LineReading.Readable.class::isInstance)
                .map(line -> ((LineReading.Readable) line).job())
                .toList();
        var accepted = jobs.acceptAll(caller, readable).iterator();
        return chunk.stream()
                .map(line -> switch (line) {
                    case LineReading.Readable job -> checked(job, accepted.next());
                    case LineReading.Unreadable(var wrong) -> wrong;
                })
                .toList();
    }

    private static BatchLine checked(LineReading.Readable line, Supplier<NewJob> job) {
        try {
            return new BatchLine.Job(line.line(), line.customId(), job.get());
        } catch (ProblemException problem) {
            return new BatchLine.Wrong(line.line(), line.customId(), LineErrors.of(problem, "/body"));
        }
    }

    private void breakOff(Intake intake, Throwable cause) {
        try {
            ledger.breakOff(
                    intake,
                    "intake-broken-off",
                    "The lines after these were not taken. Submit them as another batch; with an Idempotency-Key, the same"
                            + " request would have gone on here.");
        } catch (RuntimeException failure) {
            cause.addSuppressed(failure); // it is given up later
        }
    }
}
