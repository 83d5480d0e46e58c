package dev.saccade.api.webhooks;

import dev.saccade.api.egress.EgressPolicy;
import dev.saccade.api.egress.GuardedClient;
import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.webhooks.Deliveries;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/webhooks}, and who sends. */
@Configuration(proxyBeanMethods = false)
@Import(WebhookController.class)
@EnableConfigurationProperties(WebhookProperties.class)
public class WebhooksConfiguration {

    @Bean
    EgressPolicy apiWebhookPolicy(WebhookProperties properties) {
        return new EgressPolicy(properties.ports(), properties.trustedHosts());
    }

    @Bean
    SecretBox apiWebhookSecrets(WebhookProperties properties) {
        return new SecretBox(properties.key());
    }

    @Bean
    WebhookSender apiWebhookSender(
            Deliveries ledger, SecretBox secrets, EgressPolicy policy, WebhookProperties properties) {
        return new WebhookSender(
                ledger, secrets, new GuardedClient(policy, properties.timeout()), properties, Clock.systemUTC());
    }

    /** Any number of instances may send at once. */
    @Bean
    Recurring apiWebhookSending(WebhookSender sender, WebhookProperties properties) {
        return new Recurring("webhooks", properties.interval(), sender::send);
    }

    @Bean
    MeterBinder apiWebhookMeters(WebhookSender sender, Deliveries ledger) {
        return registry -> {
            Gauge.builder("saccade.webhooks.pending", ledger::pending)
                    .description("Messages that wait, counted no further than 1,000")
                    .register(registry);
            FunctionCounter.builder("saccade.webhooks.delivered", sender, WebhookSender::delivered)
                    .description("Messages that a receiver has taken")
                    .register(registry);
            FunctionCounter.builder("saccade.webhooks.failed", sender, WebhookSender::failed)
                    .description("Attempts that failed")
                    .register(registry);
        };
    }
}
