package dev.saccade.ledger.jobs;

import dev.saccade.ledger.json.StorableText;

/** Cuts errors to what the columns take, so that no error is so bad that it can't be recorded. */
final class JobErrors {

    private static final int LONGEST_CODE = 100;
    private static final int LONGEST_MESSAGE = 4000;

    private JobErrors() {}

    static JobError storable(JobError error) {
        var code = error.code().isBlank() ? "unspecified" : StorableText.clip(error.code(), LONGEST_CODE);
        return new JobError(code, StorableText.clip(error.message(), LONGEST_MESSAGE));
    }
}
