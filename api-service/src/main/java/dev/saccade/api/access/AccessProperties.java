package dev.saccade.api.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is let in.
 *
 * @param bootstrapKey a key ({@code sk_} and 43 base64url characters) that runs the platform: it creates the first tenants;
 *     null where there is none
 * @param keyCache how long a key that was found good is not looked up again: as long a revoked one may still be taken
 * @param lastUseInterval how often the times of last use are written
 */
@ConfigurationProperties("saccade.access")
public record AccessProperties(
        @Nullable String bootstrapKey,
        @DefaultValue("1s") Duration keyCache,
        @DefaultValue("1m") Duration lastUseInterval) {}
