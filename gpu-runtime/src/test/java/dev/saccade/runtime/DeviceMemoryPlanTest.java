package dev.saccade.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.model.DemoModel;
import org.junit.jupiter.api.Test;

class DeviceMemoryPlanTest {

    private static final long ENOUGH = 8L << 30;

    @Test
    void aCacheOfOpenSizeTakesWhatTheRestLeaves() {
        DeviceMemoryPlan plan = plan(0).within(ENOUGH);

        assertThat(plan.fits(ENOUGH)).isTrue();
        assertThat(plan.kvTokens())
                .isPositive()
                .satisfies(tokens ->
                        assertThat(tokens % KeyValueCache.BLOCK_TOKENS).isZero());
        assertThat(plan.total() + KeyValueCache.BLOCK_TOKENS * plan.tokenBytes())
                .isGreaterThan(ENOUGH);
    }

    @Test
    void aSizeThatWasAskedForStays() {
        assertThat(plan(4096).within(ENOUGH).kvTokens()).isEqualTo(4096);
    }

    @Test
    void whatDoesNotFitIsPrintedWithTheCacheThatWould() {
        DeviceMemoryPlan plan = plan(4096);
        long tooLittle = plan.total() - 1;

        assertThat(plan.fits(tooLittle)).isFalse();
        assertThat(plan.table(tooLittle)).contains("does not fit; a KV cache of 4,080 tokens would");
    }

    @Test
    void memoryWithoutRoomForACacheFitsNothing() {
        long onlyTheRest = plan(16).total() - plan(16).cache();

        assertThat(plan(0).within(onlyTheRest).fits(onlyTheRest)).isFalse();
        assertThat(plan(0).within(onlyTheRest).table(onlyTheRest)).contains("whatever the cache");
    }

    private static DeviceMemoryPlan plan(int kvTokens) {
        EngineOptions options =
                EngineOptions.DEFAULT.toBuilder().kvCacheTokens(kvTokens).build();
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model())) {
            return DeviceMemoryPlan.of(checkpoint.config(), options);
        }
    }
}
