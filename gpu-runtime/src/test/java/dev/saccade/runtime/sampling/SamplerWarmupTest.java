package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SamplerWarmupTest {

    @Test
    void itEndsByItselfAndWhenItIsTold() {
        AtomicInteger asked = new AtomicInteger();
        SamplerWarmup.run(() -> asked.incrementAndGet() > 3);
        assertThat(asked).hasValue(4);

        SamplerWarmup.run(() -> asked.incrementAndGet() < 0);
        assertThat(asked.get()).isGreaterThan(100);
    }
}
