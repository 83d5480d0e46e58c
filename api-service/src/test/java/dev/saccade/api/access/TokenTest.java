package dev.saccade.api.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.api.running.TestIssuer;
import dev.saccade.ledger.tenants.Tenants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class TokenTest {

    private final RunningApi api = RunningApi.get();
    private final TestIssuer issuer = api.issuer();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final UUID tenantId = api.bean(Tenants.class).ensure(tenant);

    @Test
    void tokenOpensItsTenantWithItsRoles() {
        Client viewer = bearer(issuer.signed(issuer.claims(tenant, "viewer").build()));

        assertThat(viewer.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(viewer.post("/v1/jobs", "{}").status()).isEqualTo(403);
        assertThat(bearer(issuer.signed(issuer.claims("ten_" + tenantId, "admin", "auditor")
                                .build()))
                        .get("/v1/audit")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatATokensUserDoesIsAuditedWithTheSubject() {
        Client admin = bearer(issuer.signed(issuer.claims(tenant, "admin").build()));
        String key = admin.post("/v1/api-keys", "{\"name\": \"a\", \"role\": \"viewer\"}")
                .text("/id");

        assertThat(admin.get("/v1/audit?subject=" + key).text("/data/0/actor")).isEqualTo("user:somebody");
    }

    @Test
    void algNoneIsRefused() {
        assertRefused(TestIssuer.unsigned(issuer.claims(tenant, "admin").build()));
    }

    @Test
    void publicKeyAsASharedSecretIsRefused() {
        assertRefused(issuer.signedWithThePublicKeyAsSecret(
                issuer.claims(tenant, "admin").build()));
    }

    @Test
    void wrongAudienceIsRefused() {
        assertRefused(changed(claims -> claims.audience("another-service")));
        assertRefused(changed(claims -> claims.audience((String) null)));
    }

    @Test
    void wrongIssuerIsRefused() {
        assertRefused(changed(claims -> claims.issuer("http://127.0.0.1:1")));
    }

    @Test
    void expiredNotYetValidAndEndlessTokensAreRefused() {
        Date before = Date.from(Instant.now().minus(Duration.ofHours(1)));
        assertRefused(changed(claims -> claims.expirationTime(before)));
        assertRefused(
                changed(claims -> claims.notBeforeTime(Date.from(Instant.now().plus(Duration.ofHours(1))))));
        assertRefused(changed(claims -> claims.expirationTime(null)));
    }

    @Test
    void somebodyElsesSignatureAndAChangedTokenAreRefused() {
        JWTClaimsSet claims = issuer.claims(tenant, "viewer").build();
        assertRefused(issuer.signedBySomebodyElse(claims));
        String[] good = issuer.signed(claims).split("\\.");
        String[] mighty = issuer.signed(issuer.claims(tenant, "admin").build()).split("\\.");
        assertRefused(good[0] + "." + mighty[1] + "." + good[2]);
        assertRefused("a.b.c");
    }

    @Test
    void tokenOfAnUnknownOrSuspendedTenantIsRefused() {
        assertRefused(issuer.signed(
                issuer.claims("nobody-" + UUID.randomUUID(), "admin").build()));
        Client platform = api.client(RunningApi.BOOTSTRAP_KEY);
        platform.method("POST", "/v1/tenants/ten_" + tenantId + "/suspend");
        assertRefused(issuer.signed(issuer.claims(tenant, "admin").build()));
    }

    @Test
    void noTokenRunsThePlatform() {
        Client client =
                bearer(issuer.signed(issuer.claims(tenant, "platform", "viewer").build()));

        assertThat(client.get("/v1/tenants").status()).isEqualTo(403);
        assertThat(client.get("/v1/jobs").status()).isEqualTo(200);
    }

    @Test
    void issuerThatHangsIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String uri = "http://127.0.0.1:" + silent.getLocalPort();
            var tokens = new AccessTokens(
                    new TokenProperties(uri, "saccade", uri + "/keys", "tenant", "roles", Duration.ofMillis(200)),
                    api.bean(Tenants.class));

            assertThatThrownBy(() -> tokens.authenticate(
                            issuer.signed(issuer.claims(tenant, "viewer").build())))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            problem -> assertThat(problem.problem().status()).isEqualTo(503));
        }
    }

    @Test
    void issuerWithoutAnAudienceIsNoConfiguration() {
        assertThatThrownBy(() ->
                        new TokenProperties("https://issuer", null, null, "tenant", "roles", Duration.ofSeconds(1)))
                .hasMessageContaining("audience");
    }

    private String changed(UnaryOperator<JWTClaimsSet.Builder> change) {
        return issuer.signed(change.apply(issuer.claims(tenant, "admin")).build());
    }

    private void assertRefused(String token) {
        var answer = bearer(token).get("/v1/jobs");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("/code")).isEqualTo("invalid-token");
    }

    private Client bearer(String token) {
        return api.client(token);
    }
}
