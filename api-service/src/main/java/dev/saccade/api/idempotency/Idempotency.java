package dev.saccade.api.idempotency;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.idempotency.FirstAnswer;
import dev.saccade.ledger.idempotency.IdempotentAnswers;
import dev.saccade.ledger.idempotency.KeyInUseException;
import dev.saccade.ledger.idempotency.KeyReusedException;
import dev.saccade.ledger.idempotency.Reservation;
import dev.saccade.ledger.tenants.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Answers a POST that creates something, heeding its {@code Idempotency-Key}. */
public final class Idempotency {

    /** The request header. */
    public static final String KEY = "Idempotency-Key";

    /** Answer header, {@code true} on an answer that was given before. */
    public static final String REPLAYED = "Idempotent-Replayed";

    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_MINUTES = 60;
    private static final List<String> KEPT_HEADERS =
            List.of(HttpHeaders.LOCATION, HttpHeaders.ETAG, HttpHeaders.RETRY_AFTER);

    private final Supplier<IdempotentAnswers> answers;

    Idempotency(Supplier<IdempotentAnswers> answers) {
        this.answers = answers;
    }

    /**
     * Runs {@code creation} unless this key's request was answered already: then that answer comes again, byte for byte.
     *
     * <p>With a key, {@code creation} runs inside one database transaction with it. So it writes to nothing but the ledger,
     * is quick, and what has to happen after the commit (waking a relay, waiting for a result) comes after this call. A
     * problem that it throws undoes everything, the key included.
     *
     * @param request as the controller got it, its body read
     * @param creation answers with a status from 200 to 299; of its headers Location, ETag and Retry-After are kept
     * @throws ProblemException 400 for a key that can't be one, 422 for a key of another request, 409 while the first request
     *     with this key is still at work
     */
    public ResponseEntity<?> once(
            HttpServletRequest request, Caller caller, Supplier<? extends ResponseEntity<?>> creation) {
        var key = key(request);
        if (key == null) {
            return creation.get();
        }
        try {
            var outcome = answers.get()
                    .once(
                            caller.tenantId(),
                            key,
                            fingerprint(request, BodyDigest.of(request)),
                            () -> toStore(creation.get()));
            return toSend(outcome);
        } catch (KeyReusedException reused) {
            throw reused();
        } catch (KeyInUseException busy) {
            throw inUse();
        }
    }

    /**
     * The same for what is slow or writes elsewhere than to the ledger: it runs outside of any transaction. A key whose
     * instance died stays taken for {@value #LONGEST_MINUTES} minutes, and an answer that takes longer isn't kept.
     *
     * @param content SHA-256 of what makes two requests the same; asked for once, after {@code creation} or in its place
     */
    public ResponseEntity<?> onceSlowly(
            HttpServletRequest request,
            Caller caller,
            Supplier<byte[]> content,
            Supplier<? extends ResponseEntity<?>> creation) {
        var key = key(request);
        if (key == null) {
            return creation.get();
        }
        try {
            return switch (answers.get().reserve(caller.tenantId(), key, Duration.ofMinutes(LONGEST_MINUTES))) {
                case Reservation.Free free -> first(free, () -> fingerprint(request, content.get()), creation);
                case Reservation.Answered before -> {
                    if (!Arrays.equals(before.fingerprint(), fingerprint(request, content.get()))) {
                        throw reused();
                    }
                    yield toSend(new IdempotentAnswers.Outcome(before.answer(), true));
                }
            };
        } catch (KeyInUseException busy) {
            throw inUse();
        }
    }

    private ResponseEntity<?> first(
            Reservation.Free key, Supplier<byte[]> fingerprint, Supplier<? extends ResponseEntity<?>> creation) {
        FirstAnswer answer;
        try {
            answer = toStore(creation.get());
        } catch (RuntimeException nothingCreated) {
            answers.get().release(key);
            throw nothingCreated;
        }
        answers.get().settle(key, fingerprint.get(), answer);
        return toSend(new IdempotentAnswers.Outcome(answer, false));
    }

    /**
     * The request's key, for what is too large for one transaction and keeps its key itself; null where none was sent.
     *
     * @throws ProblemException 400 for a key that can't be one
     */
    public static @Nullable String key(HttpServletRequest request) {
        var given = Collections.list(request.getHeaders(KEY));
        return given.isEmpty() ? null : checked(given);
    }

    /** Of a key that its client gave to another request. */
    public static ProblemException reused() {
        return new ProblemException(
                422,
                "idempotency-key-reused",
                "This Idempotency-Key was used for another request. Send each request with a key of its own.",
                List.of(new Violation("", "The body differs from the one that this key was first used with.")));
    }

    /** Of a key whose first request is not answered yet. */
    public static ProblemException inUse() {
        return new ProblemException(
                        409,
                        "idempotency-key-in-use",
                        "The first request with this Idempotency-Key is still being worked on. Send it again later.")
                .retryAfter(Duration.ofSeconds(2));
    }

    private static String checked(List<String> given) {
        var key = given.getFirst();
        boolean printable = key.chars().allMatch(letter -> letter > 0x20 && letter < 0x7f);
        if (given.size() != 1 || key.isEmpty() || key.length() > LONGEST_KEY || !printable) {
            throw new ProblemException(
                    400,
                    "invalid-idempotency-key",
                    "Give one Idempotency-Key of 1 to " + LONGEST_KEY
                            + " visible ASCII characters without spaces, such as a UUID.");
        }
        return key;
    }

    private static byte[] fingerprint(HttpServletRequest request, byte[] content) {
        MessageDigest digest = BodyDigest.sha256();
        var address = request.getMethod()
                + '\n'
                + request.getRequestURI()
                + '\n'
                + Objects.requireNonNullElse(request.getQueryString(), "")
                + '\n';
        digest.update(address.getBytes(StandardCharsets.UTF_8));
        digest.update(content);
        return digest.digest();
    }

    private static FirstAnswer toStore(ResponseEntity<?> answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : KEPT_HEADERS) {
            var value = answer.getHeaders().getFirst(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return new FirstAnswer(
                answer.getStatusCode().value(), headers, ApiJson.MAPPER.writeValueAsString(answer.getBody()));
    }

    private static ResponseEntity<byte[]> toSend(IdempotentAnswers.Outcome outcome) {
        var answer = ResponseEntity.status(outcome.answer().status()).contentType(MediaType.APPLICATION_JSON);
        outcome.answer().headers().forEach((name, value) -> answer.header(name, value));
        if (outcome.repeated()) {
            answer.header(REPLAYED, "true");
        }
        return answer.body(outcome.answer().body().getBytes(StandardCharsets.UTF_8));
    }
}
