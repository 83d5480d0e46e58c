package dev.saccade.api.audit;

import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.audit.AuditSealer;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The addresses below {@code /v1/audit}, and the thread that seals. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    private static final int ROUND = 10_000;

    /** Any number of instances may try at once: one seals. */
    @Bean
    Recurring apiAuditSealing(AuditSealer sealer, @Value("${saccade.audit.seal-interval:1s}") Duration interval) {
        return new Recurring("audit-sealer", interval, () -> sealer.seal(ROUND) >= ROUND);
    }
}
