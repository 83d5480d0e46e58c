package dev.saccade.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties below {@code saccade.database}: how long anything may take at the database before it is broken off.
 *
 * @param statementTimeout one statement
 * @param lockTimeout waiting for one lock; must be shorter
 * @param idleTimeout a transaction that waits for its client, such as a relay for the broker's confirms
 * @param answerTimeout an answer from a server that has vanished; must be longer than a statement may take
 */
@ConfigurationProperties("saccade.database")
public record DatabaseSettings(
        @DefaultValue("30s") Duration statementTimeout,
        @DefaultValue("10s") Duration lockTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("2m") Duration answerTimeout) {

    public DatabaseSettings {
        if (!lockTimeout.isPositive()
                || lockTimeout.compareTo(statementTimeout) >= 0
                || statementTimeout.compareTo(answerTimeout) >= 0
                || !idleTimeout.isPositive()) {
            throw new IllegalArgumentException("saccade.database needs 0 < lock-timeout < statement-timeout"
                    + " < answer-timeout, and an idle-timeout above 0.");
        }
    }

    /** What every connection begins with. */
    String sessionSql() {
        // One plan for all parameters: partitions that don't matter are left out when it runs all the same, and a plan
        // for each execution would cost more than most statements do.
        // That plan may be made when a table is empty, and reading it whole looks cheap: nothing here ever should.
        return "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set statement_timeout = "
                + statementTimeout.toMillis()
                + "; set lock_timeout = " + lockTimeout.toMillis() + "; set idle_in_transaction_session_timeout = "
                + idleTimeout.toMillis();
    }
}
