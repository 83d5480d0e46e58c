package dev.saccade.api.events;

import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobOutcome;
import java.util.List;

/** The texts of a result's answers. */
final class Answers {

    /** More than a job can ask for. */
    static final int MOST = 1_000;

    private Answers() {}

    static List<String> texts(JobOutcome outcome) {
        return outcome.completions().stream().map(Completion::text).toList();
    }
}
