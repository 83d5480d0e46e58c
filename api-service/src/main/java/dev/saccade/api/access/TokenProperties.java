package dev.saccade.api.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose OAuth 2 access tokens (JWT) are taken beside API keys.
 *
 * @param issuer the {@code iss} that tokens must have; null: no tokens are taken
 * @param audience the {@code aud} that tokens must have; needed with an issuer
 * @param jwkSetUri where the issuer's keys are; null: as the issuer's metadata says
 * @param tenantClaim the claim that holds the tenant's name or id; dots go deeper
 * @param rolesClaim the claim that holds roles, as a list or a text with spaces between; dots go deeper
 * @param timeout to connect to the issuer, and to read from it
 */
@ConfigurationProperties("saccade.access.oauth2")
public record TokenProperties(
        @Nullable String issuer,
        @Nullable String audience,
        @Nullable String jwkSetUri,
        @DefaultValue("tenant") String tenantClaim,
        @DefaultValue("roles") String rolesClaim,
        @DefaultValue("3s") Duration timeout) {

    public TokenProperties {
        if (issuer != null && !issuer.isBlank() && (audience == null || audience.isBlank())) {
            throw new IllegalArgumentException(
                    "Set saccade.access.oauth2.audience too: else tokens that the issuer gave for"
                            + " another service would open this one.");
        }
    }

    boolean enabled() {
        return issuer != null && !issuer.isBlank();
    }
}
