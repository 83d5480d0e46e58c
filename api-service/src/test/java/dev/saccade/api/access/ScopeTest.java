package dev.saccade.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Scope;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

final class ScopeTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();

    @Test
    void everyEndpointIsInTheTableAndEveryLineHasAnEndpoint() {
        Set<String> mapped = api.beans(RequestMappingHandlerMapping.class).stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(ScopeTest::endpoints)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(mapped).hasSizeGreaterThan(8);
        assertThat(EndpointScopes.lines()).isEqualTo(mapped);
    }

    @Test
    void keyWithoutTheScopeIsRefusedWithItsName() {
        Client viewer = api.newClient(tenant, Role.VIEWER.scopes());

        Answer refused = viewer.post("/v1/jobs", "{}");

        assertThat(viewer.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/code")).isEqualTo("missing-scope");
        assertThat(refused.text("/detail")).contains("jobs:write");
        assertThat(refused.header("WWW-Authenticate")).contains("insufficient_scope");
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"AUDITOR", "PLATFORM"})
    void whoAuditsOrRunsThePlatformReadsNoData(Role role) {
        Client client = api.newClient(tenant, role.scopes());
        String video = "/v1/videos/vid_" + UUID.randomUUID();

        assertThat(Stream.of("/v1/jobs", "/v1/jobs/job_" + UUID.randomUUID(), video, video + "/content")
                        .map(path -> client.get(path).status()))
                .containsOnly(403);
        assertThat(client.method("HEAD", "/v1/jobs").status()).isEqualTo(403);
    }

    @Test
    void keyWithoutScopesMayDoNothing() {
        Client nobody = api.newClient(tenant, Set.<Scope>of());

        assertThat(nobody.get("/v1/jobs").status()).isEqualTo(403);
        assertThat(nobody.get("/v1/nothing").status()).isEqualTo(404);
    }

    private static Stream<String> endpoints(RequestMappingInfo mapping) {
        var methods = mapping.getMethodsCondition().getMethods();
        return mapping.getPatternValues().stream()
                .flatMap(pattern -> methods.isEmpty()
                        ? Stream.of("* " + pattern)
                        : methods.stream().map(method -> method + " " + pattern));
    }
}
