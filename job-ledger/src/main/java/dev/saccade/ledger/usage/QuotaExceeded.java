package dev.saccade.ledger.usage;

import java.sql.SQLException;
import java.util.Optional;

/** Which quota of a tenant a transaction would have exceeded. */
public enum QuotaExceeded {
    QUEUED_JOBS("SC001"),
    STORED_BYTES("SC002"),
    TOKENS_PER_DAY("SC003");

    private final String sqlState;

    QuotaExceeded(String sqlState) {
        this.sqlState = sqlState;
    }

    /** The quota that the database named, anywhere among the causes; empty for every other failure. */
    public static Optional<QuotaExceeded> in(Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current != null && depth < 10; depth++) {
            if (current instanceof SQLException sql) {
                for (var quota : values()) {
                    if (quota.sqlState.equals(sql.getSQLState())) {
                        return Optional.of(quota);
                    }
                }
            }
            current = current.getCause();
        }
        return Optional.empty();
    }
}
