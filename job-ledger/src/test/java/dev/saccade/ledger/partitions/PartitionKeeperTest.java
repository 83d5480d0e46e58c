package dev.saccade.ledger.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionKeeperTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final PartitionKeeper keeper = LEDGER.bean(PartitionKeeper.class);

    @AfterEach
    void asBefore() {
        LEDGER.sql().update("update partition_rule set ahead = '14 days' where family = 'jobs'");
    }

    @Test
    void itMakesWhatTheRulesAskForAndThenRests() {
        assertThat(keeper.keep()).as("migrate has made enough").isFalse();

        LEDGER.sql().update("update partition_rule set ahead = '30 days' where family = 'jobs'");
        keepUntilDone();

        assertThat(LEDGER.strings("select distinct parent from table_partition t where parent like 'job%'"
                        + " and not exists (select from table_partition o where o.parent = t.parent"
                        + " and time_of_id(o.to_id) >= now() + interval '30 days')"))
                .isEmpty();
        assertThat(keeper.keep()).isFalse();
    }

    @Test
    void aTableInUseIsLeftForTheNextRound() {
        LEDGER.sql().update("update partition_rule set ahead = '60 days' where family = 'jobs'");
        var partitions = "select name from table_partition where parent = 'job_words'";
        LEDGER.transaction().executeWithoutResult(status -> {
            LEDGER.sql().execute("lock table job_words_rest in access share mode");
            var before = LEDGER.strings(partitions);
            CompletableFuture.supplyAsync(keeper::keep).join();
            assertThat(LEDGER.strings(partitions)).hasSameElementsAs(before);
        });

        keepUntilDone();
        assertThat(LEDGER.strings(partitions + " and time_of_id(to_id) >= now() + interval '60 days'"))
                .isNotEmpty();
    }

    private void keepUntilDone() {
        while (keeper.keep()) {
            // there may be more
        }
    }
}
