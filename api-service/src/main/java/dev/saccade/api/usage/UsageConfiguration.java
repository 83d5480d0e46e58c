package dev.saccade.api.usage;

import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.usage.Usage;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses of usage, and the thread that rolls it up. */
@Configuration(proxyBeanMethods = false)
@Import(UsageController.class)
public class UsageConfiguration {

    private static final int ROUND = 10_000;
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Any number of instances may try at once: one rolls up. */
    @Bean
    Recurring apiUsageRollUp(Usage usage) {
        return new Recurring("usage-roll-up", INTERVAL, () -> usage.rollUp(ROUND) >= ROUND);
    }
}
