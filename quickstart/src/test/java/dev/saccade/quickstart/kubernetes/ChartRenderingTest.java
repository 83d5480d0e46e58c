package dev.saccade.quickstart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every example must keep, whatever else it asks for. */
class ChartRenderingTest {

    @TempDir
    static Path work;

    static Chart chart;

    @BeforeAll
    static void copy() {
        chart = new Chart(work);
    }

    static Stream<String> examples() {
        return Chart.EXAMPLES.stream();
    }

    @Test
    void helmFindsNothingToComplainAbout() {
        var lint = new Helm(Chart.FOLDER).lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyPodIsRestricted(String example) {
        List<Manifest> pods = pods(example);

        assertThat(pods).hasSizeGreaterThanOrEqualTo(4);
        for (Manifest pod : pods) {
            Manifest spec = pod.podSpec().orElseThrow();
            assertThat(spec.at("securityContext", "runAsNonRoot")).as("%s", pod).isEqualTo(true);
            assertThat(spec.at("securityContext", "seccompProfile", "type"))
                    .as("%s", pod)
                    .isEqualTo("RuntimeDefault");
            assertThat(spec.at("automountServiceAccountToken")).as("%s", pod).isEqualTo(false);
            assertThat(spec.content()).as("%s", pod).doesNotContainKeys("hostNetwork", "hostPID", "hostIPC");
            for (Manifest container : spec.containers()) {
                assertThat(container.at("securityContext", "allowPrivilegeEscalation"))
                        .as("%s", pod)
                        .isEqualTo(false);
                assertThat(container.at("securityContext", "readOnlyRootFilesystem"))
                        .as("%s", pod)
                        .isEqualTo(true);
                assertThat(container.at("securityContext", "capabilities", "drop"))
                        .as("%s", pod)
                        .isEqualTo(List.of("ALL"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyContainerIsNamedByDigestAndBounded(String example) {
        for (Manifest pod : pods(example)) {
            for (Manifest container : pod.podSpec().orElseThrow().containers()) {
                assertThat(container.text("image")).as("%s", pod).matches(".+@sha256:[0-9a-f]{64}");
                assertThat(container.at("resources", "limits", "memory"))
                        .as("%s", pod)
                        .isNotNull();
                assertThat(container.at("resources", "requests", "cpu"))
                        .as("%s", pod)
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void noPasswordIsWrittenAnywhere(String example) {
        for (Manifest pod : pods(example)) {
            for (Manifest container : pod.podSpec().orElseThrow().containers()) {
                for (Map<String, Object> variable : container.environment()) {
                    if (String.valueOf(variable.get("name"))
                            .matches(".*(PASSWORD|_PASS|SECRET_KEY|ACCESS_KEY|_TOKEN|WEBHOOKS_KEY|BOOTSTRAP_KEY)")) {
                        assertThat(variable)
                                .as("%s", pod)
                                .containsKey("valueFrom")
                                .doesNotContainKey("value");
                    }
                }
            }
        }
        assertThat(chart.render(example)).noneMatch(object -> object.kind().equals("Secret"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyPodHasANetworkPolicyOfItsOwnAndTheRestIsDenied(String example) {
        List<Manifest> all = chart.render(example);
        Set<Object> covered = all.stream()
                .filter(object -> object.kind().equals("NetworkPolicy"))
                .map(policy -> Manifest.map(policy.at("spec", "podSelector", "matchLabels"))
                        .getOrDefault("app.kubernetes.io/component", "every"))
                .collect(Collectors.toSet());

        assertThat(covered).contains("every");
        assertThat(pods(example))
                .allSatisfy(pod -> assertThat(covered).contains(pod.podLabels().get("app.kubernetes.io/component")));
        Manifest rest = all.stream()
                .filter(object ->
                        object.kind().equals("NetworkPolicy") && object.name().equals("sac-default"))
                .findFirst()
                .orElseThrow();
        assertThat(rest.at("spec", "ingress")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void workersReachWhatHoldsJobsAndMediaAndNothingElse(String example) {
        Manifest policy = chart.render(example).stream()
                .filter(object ->
                        object.kind().equals("NetworkPolicy") && object.name().equals("sac-worker"))
                .findFirst()
                .orElseThrow();

        assertThat(policy.text("spec", "egress")).doesNotContain("0.0.0.0/0");
        assertThat((List<?>) policy.at("spec", "egress")).hasSizeBetween(3, 4);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void modelsGetTwentyMinutesAndJobsTheirTime(String example) {
        for (Manifest worker : workers(example)) {
            Manifest spec = worker.podSpec().orElseThrow();
            Manifest container = spec.containers().getLast();
            int period = container.number("startupProbe", "periodSeconds");
            int failures = container.number("startupProbe", "failureThreshold");
            int drain = Integer.parseInt(
                    variable(container, "SACCADE_WORKER_DRAIN_TIMEOUT").replace("s", ""));

            assertThat(period * failures).isGreaterThanOrEqualTo(20 * 60);
            assertThat(spec.number("terminationGracePeriodSeconds")).isGreaterThanOrEqualTo(drain + 60);
            assertThat(container.text("livenessProbe", "httpGet", "path")).endsWith("/liveness");
        }
    }

    @Test
    void gpuWorkersAskForOneGpuAndAreReplacedOneAfterTheOther() {
        List<Manifest> workers = workers("gpu-pool");

        assertThat(workers).extracting(Manifest::name).containsExactly("sac-worker-a100", "sac-worker-h100");
        for (Manifest worker : workers) {
            assertThat(worker.podSpec()
                            .orElseThrow()
                            .containers()
                            .getLast()
                            .at("resources", "limits", "nvidia.com/gpu"))
                    .isEqualTo(1);
            assertThat(worker.at("spec", "strategy", "rollingUpdate", "maxSurge"))
                    .isEqualTo(0);
            assertThat(worker.at("spec", "replicas")).isNull();
        }
        assertThat(variable(
                        workers.getFirst().podSpec().orElseThrow().containers().getLast(), "SACCADE_WORKER_SLOTS"))
                .isEqualTo("8");
        assertThat(variable(
                        workers.getLast().podSpec().orElseThrow().containers().getLast(), "SACCADE_WORKER_SLOTS"))
                .isEqualTo("16");
    }

    @Test
    void schemaIsMigratedBeforeAnythingElseOrBesideItWhereItsDatabaseComesWithIt() {
        assertThat(migration("existing-services").text("metadata", "annotations", "saccade.dev/hook"))
                .isEqualTo("pre-install,pre-upgrade");
        assertThat(migration("one-gpu-node").at("metadata", "annotations")).isNull();
        assertThat(migration("gpu-pool").at("metadata", "annotations")).isNull();
    }

    private static Manifest migration(String example) {
        return chart.render(example).stream()
                .filter(object -> object.kind().equals("Job") && object.name().contains("-migrate"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Manifest> pods(String example) {
        return chart.render(example).stream()
                .filter(object -> object.podSpec().isPresent())
                .toList();
    }

    private static List<Manifest> workers(String example) {
        return pods(example).stream()
                .filter(pod -> "worker".equals(pod.podLabels().get("app.kubernetes.io/component")))
                .toList();
    }

    private static String variable(Manifest container, String name) {
        return container.environment().stream()
                .filter(variable -> name.equals(variable.get("name")))
                .map(variable -> String.valueOf(variable.get("value")))
                .findFirst()
                .orElseThrow();
    }
}
