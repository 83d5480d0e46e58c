package dev.saccade.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Scope;
import dev.saccade.ledger.tenants.TenantView;
import dev.saccade.ledger.tenants.Tenants;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.web.client.RestTemplate;

/**
 * Takes an issuer's access tokens. A token names a tenant that exists and roles within it; no token runs the platform, since
 * who may name roles at an issuer is often each tenant's own administrator.
 */
final class AccessTokens {

    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);
    private static final Duration TENANT_KNOWN_FOR = Duration.ofSeconds(1);
    private static final int LONGEST_SUBJECT = 150;

    private final TokenProperties properties;
    private final Tenants tenants;
    private final JwtDecoder decoder;
    private final Cache<String, TenantView> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(TENANT_KNOWN_FOR)
            .build();

    AccessTokens(TokenProperties properties, Tenants tenants) {
        this.properties = properties;
        this.tenants = tenants;
        // asks the issuer with the first token, again after a failure: an issuer that is away stops no start
        decoder = new SupplierJwtDecoder(this::connect);
    }

    boolean enabled() {
        return properties.enabled();
    }

    /** @return empty for a token that can't be taken */
    Optional<Caller> authenticate(String token) {
        Jwt jwt;
        try {
            jwt = decoder.decode(token);
        } catch (BadJwtException refused) {
            LOG.debug("A token was refused: {}", refused.getMessage());
            return Optional.empty();
        } catch (JwtException | IllegalArgumentException | IllegalStateException away) {
            LOG.warn("Tokens can't be checked: {}", away.toString());
            throw ProblemException.unavailable(
                    "issuer-unavailable", "The issuer of tokens does not answer. Try again, or use an API key.");
        }
        String subject = jwt.getSubject();
        String tenantName = text(claim(jwt, properties.tenantClaim()));
        if (subject == null || subject.isBlank() || tenantName == null) {
            return Optional.empty();
        }
        return tenant(tenantName)
                .filter(tenant -> tenant.suspendedAt() == null)
                .map(tenant -> new Caller(tenant.id(), null, actor(subject), scopes(jwt)));
    }

    private Optional<TenantView> tenant(String name) {
        TenantView remembered = known.getIfPresent(name);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Optional<TenantView> found =
                ExternalId.TENANT.parse(name).map(tenants::find).orElseGet(() -> tenants.named(name));
        found.ifPresent(tenant -> known.put(name, tenant));
        return found;
    }

    private Set<Scope> scopes(Jwt jwt) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        names(claim(jwt, properties.rolesClaim()))
                .forEach(name -> Role.parse(name)
                        .filter(role -> role != Role.PLATFORM)
                        .ifPresent(role -> scopes.addAll(role.scopes())));
        return scopes;
    }

    private static String actor(String subject) {
        return "user:" + subject.substring(0, Math.min(subject.length(), LONGEST_SUBJECT));
    }

    private static List<String> names(@Nullable Object roles) {
        return switch (roles) {
            case String text -> Arrays.asList(text.split(" ", -1));
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    private static @Nullable String text(@Nullable Object claim) {
        return claim instanceof String text && !text.isBlank() ? text : null;
    }

    private static @Nullable Object claim(Jwt jwt, String path) {
        Object value = jwt.getClaims();
        for (String name : path.split("\\.", -1)) {
            value = value instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return value;
    }

    private JwtDecoder connect() {
        String issuer = Objects.requireNonNull(properties.issuer());
        String audience = Objects.requireNonNull(properties.audience());
        var requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(properties.timeout());
        requests.setReadTimeout(properties.timeout());
        String keys = properties.jwkSetUri();
        var builder = keys == null || keys.isBlank()
                ? NimbusJwtDecoder.withIssuerLocation(issuer)
                : NimbusJwtDecoder.withJwkSetUri(keys);
        var decoder = builder.restOperations(new RestTemplate(requests))
                // signatures by the issuer's public keys only: never none, never a shared secret
                .jwsAlgorithms(algorithms -> algorithms.addAll(List.of(SignatureAlgorithm.values())))
                .validateType(false) // at+jwt (RFC 9068) and JWT are both in use
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtClaimValidator<Object>("exp", Objects::nonNull),
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>("aud", aud -> aud != null && aud.contains(audience))));
        return decoder;
    }
}
