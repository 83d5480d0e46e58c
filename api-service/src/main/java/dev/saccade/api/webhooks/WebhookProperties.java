package dev.saccade.api.webhooks;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How webhooks are sent.
 *
 * @param key 32 bytes in base64, the same for all instances: seals the webhooks' secrets. Without it there are no webhooks
 * @param ports that may be called
 * @param trustedHosts host names that may be called by any scheme, on any port, whatever they resolve to
 * @param interval between two looks at what is to be sent
 * @param timeout for one attempt
 * @param firstPause after the first failed attempt; three times longer after each further one, up to four hours
 * @param patience a receiver that has taken nothing for so long is disabled
 * @param keep how long the log of a message is kept after its end
 */
@ConfigurationProperties("saccade.webhooks")
record WebhookProperties(
        @Nullable String key,
        @DefaultValue({"443", "8443"}) Set<Integer> ports,
        @DefaultValue Set<String> trustedHosts,
        @DefaultValue("500ms") Duration interval,
        @DefaultValue("15s") Duration timeout,
        @DefaultValue("5s") Duration firstPause,
        @DefaultValue("5d") Duration patience,
        @DefaultValue("30d") Duration keep) {}
