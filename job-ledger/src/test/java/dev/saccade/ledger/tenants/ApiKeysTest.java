package dev.saccade.ledger.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.TestLedger;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final ApiKeys keys = LEDGER.bean(ApiKeys.class);
    private final UUID tenant = LEDGER.newTenant();

    @Test
    void issuedKeyNamesItsTenant() {
        var secret = keys.issue(tenant, "ci", Role.SUBMITTER.scopes());

        assertThat(secret).matches("sk_[A-Za-z0-9_-]{43}");
        var caller = keys.authenticate(secret).orElseThrow();
        assertThat(caller.tenantId()).isEqualTo(tenant);
        assertThat(caller.actor()).isEqualTo("key:ci");
    }

    @Test
    void keyItselfIsNowhereInTheDatabase() {
        var secret = keys.issue(tenant, "ci", Role.SUBMITTER.scopes());
        var hex = new StringBuilder();
        for (byte b : secret.getBytes(StandardCharsets.US_ASCII)) {
            hex.append(String.format("%02x", b));
        }

        assertThat(LEDGER.strings("select k::text from api_key k where tenant_id = ?", tenant))
                .isNotEmpty()
                .noneMatch(row -> row.contains(secret) || row.contains(hex));
        assertThat(LEDGER.strings("select detail from audit_event where tenant_id = ?", tenant))
                .noneMatch(detail -> detail.contains(secret));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sk_", "Bearer sk_x", "sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\0"})
    void anythingElseIsNobodys(String presented) {
        assertThat(keys.authenticate(presented)).isEmpty();
    }

    @Test
    void revokedKeyEndsAtOnce() {
        var secret = keys.issue(tenant, "ci", Role.SUBMITTER.scopes());
        var caller = keys.authenticate(secret).orElseThrow();

        assertThat(keys.revoke(LEDGER.newTenant(), Objects.requireNonNull(caller.keyId()), "key:stranger"))
                .isFalse();
        assertThat(keys.authenticate(secret)).isPresent();
        assertThat(keys.revoke(tenant, Objects.requireNonNull(caller.keyId()), "key:admin"))
                .isTrue();
        assertThat(keys.revoke(tenant, Objects.requireNonNull(caller.keyId()), "key:admin"))
                .isFalse();
        assertThat(keys.authenticate(secret)).isEmpty();
    }

    @Test
    void expiredKeyIsNobodys() {
        var secret = keys.issue(tenant, "ci", Role.SUBMITTER.scopes());
        LEDGER.sql().update("update api_key set expires_at = now() - interval '1 second' where tenant_id = ?", tenant);

        assertThat(keys.authenticate(secret)).isEmpty();
    }

    @Test
    void registeringTheSameKeyAgainChangesOnlyItsScopes() {
        var secret = keys.generate();
        keys.register(tenant, "quickstart", secret, Role.VIEWER.scopes());
        keys.register(tenant, "quickstart", secret, Role.AUDITOR.scopes());

        assertThat(keys.authenticate(secret).orElseThrow().scopes()).isEqualTo(Role.AUDITOR.scopes());
        assertThat(LEDGER.strings("select id from api_key where tenant_id = ?", tenant))
                .hasSize(1);
        var stranger = LEDGER.newTenant();
        assertThatThrownBy(() -> keys.register(stranger, "stolen", secret, Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keys.register(tenant, "weak", "sk_password", Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tenantIsMadeOnce() {
        var tenants = LEDGER.bean(Tenants.class);
        var name = "tenant-" + UUID.randomUUID();

        assertThat(tenants.ensure(name)).isEqualTo(tenants.ensure(name));
    }
}
