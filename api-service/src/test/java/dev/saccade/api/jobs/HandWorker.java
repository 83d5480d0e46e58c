package dev.saccade.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.ClaimOutcome;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.Lease;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Timings;
import java.time.Duration;
import java.util.List;

/** The test in a worker's place. */
public record HandWorker(JobLedger ledger) {

    static final Duration LEASE = Duration.ofMinutes(5);

    public Lease claimed(String id) {
        return taken(id).lease();
    }

    public JobRequest request(String id) {
        return taken(id).request();
    }

    public void answer(String id, String answer) {
        assertThat(ledger.succeed(claimed(id), outcome(answer))).isTrue();
    }

    private ClaimOutcome.Claimed taken(String id) {
        ClaimOutcome outcome = ledger.claim(ExternalId.JOB.parse(id).orElseThrow(), 1, "test-worker", LEASE);
        assertThat(outcome).isInstanceOf(ClaimOutcome.Claimed.class);
        return (ClaimOutcome.Claimed) outcome;
    }

    public static JobOutcome outcome(String answer) {
        return new JobOutcome(
                "<think>It is clear.</think><answer>" + answer + "</answer>",
                "It is clear.",
                answer,
                "stop",
                11,
                7,
                0,
                42,
                Sampling.of("{\"temperature\": 0.6, \"top_p\": 0.95, \"seed\": 42, \"n\": 1, \"max_tokens\": 64}"),
                List.of(),
                new Timings(1, 2, 3, 4, 5, 6, 21),
                List.of(),
                "demo",
                "abc",
                "0.1");
    }
}
