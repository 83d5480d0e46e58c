package dev.saccade.quickstart.kubernetes;

import static dev.saccade.quickstart.kubernetes.ControlPlane.must;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.endtoend.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * One release's life on a real API server with 200 nodes that have a GPU each, in a namespace that enforces PodSecurity
 * <i>restricted</i>: installed, scaled, drained, upgraded, rolled back and removed, in this order. The test plays KEDA.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {

    private static final int NODES = 200;
    private static final int OTHER_NODES = 8;
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String WORKER = "sac-worker-h100";
    private static final String WORKERS = "saccade.dev/pool=h100";
    private static final String NEW_WORKER = "sha256:" + "5".repeat(64);
    private static final String FAILING_MIGRATIONS = "sha256:bad" + "0".repeat(61);

    private ControlPlane cluster;
    private Path folder;

    @BeforeAll
    void startCluster() throws IOException {
        if (System.getenv().getOrDefault("SACCADE_TEST_CLUSTER", "").isEmpty()) {
            abort("takes minutes; asked for with ./saccade test --kubernetes");
        }
        var tools = KubernetesTools.orSkip(
                "helm", "kubectl", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok");
        folder = Fixtures.emptyFolder("cluster");
        cluster = ControlPlane.start(tools, folder);
        cluster.apply(Files.writeString(folder.resolve("before.yaml"), namespaceSecretsAndVolume()));
        cluster.apply(Files.writeString(folder.resolve("nodes.yaml"), nodes()));
        soon("the nodes")
                .until(() -> cluster.objects("nodes").stream()
                                .filter(node -> isTrue(node, "Ready"))
                                .count()
                        == NODES + OTHER_NODES);
    }

    @AfterAll
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void installs() throws IOException {
        must(release("install"));

        // Secrets come with the release, so that the first migration is an ordinary Job, which workers and API wait for
        soon("the migration")
                .untilAsserted(() -> assertThat(migrations())
                        .singleElement()
                        .satisfies(job ->
                                assertThat(job.at("/status/succeeded").asInt()).isEqualTo(1)));
        assertThat(ready(pods("app.kubernetes.io/component=api")))
                .as("without an autoscaler")
                .hasSize(1);
        assertThat(ready(pods(WORKERS))).hasSize(1);
        assertNothingWasRefused();
    }

    @Test
    @Order(2)
    void twoHundredWorkersAreAskedForAndGetAGpuEach() throws IOException {
        JsonNode scaled = cluster.objects("scaledobjects", "-n", "saccade").stream()
                .filter(object -> name(object).equals(WORKER))
                .findFirst()
                .orElseThrow();
        assertThat(scaled.at("/spec/scaleTargetRef/name").asString()).isEqualTo(WORKER);
        assertThat(scaled.at("/spec/maxReplicaCount").asInt()).isEqualTo(NODES);

        scale(NODES);

        soon("200 workers").until(() -> ready(pods(WORKERS)).size() == NODES);
        List<JsonNode> workers = pods(WORKERS);
        assertThat(workers.stream().map(pod -> pod.at("/spec/nodeName").asString()))
                .as("one on each node")
                .doesNotHaveDuplicates();
        Map<String, String> zones = cluster.objects("nodes").stream()
                .collect(Collectors.toMap(
                        ClusterTest::name,
                        node -> node.at("/metadata/labels").path(ZONE).asString()));
        var spread = workers.stream()
                .collect(Collectors.groupingBy(
                        pod -> zones.get(pod.at("/spec/nodeName").asString()), Collectors.counting()));
        assertThat(spread)
                .hasSize(4)
                .allSatisfy((zone, count) -> assertThat(count).isEqualTo(NODES / 4));
        assertThat(workers).allSatisfy(pod -> {
            assertThat(pod.at("/spec/containers/0/resources/limits/nvidia.com~1gpu")
                            .asString())
                    .isEqualTo("1");
            assertThat(pod.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(360);
        });
        assertNothingWasRefused();
    }

    @Test
    @Order(3)
    void drainedNodesLoseTheirWorkersButNeverMoreThanTheBudgetAtOnce() throws IOException {
        // no node is free: what is drained waits for another one
        List<String> drained = pods(WORKERS).stream()
                .limit(NODES / 4 + 2)
                .map(pod -> pod.at("/spec/nodeName").asString())
                .toList();
        List<String> cordon = new ArrayList<>(List.of("cordon"));
        cordon.addAll(drained);
        must(cluster.kubectl(cordon.toArray(String[]::new)));

        List<String> drain = new ArrayList<>(List.of("drain", "--delete-emptydir-data", "--timeout=5s"));
        drain.addAll(drained);
        var stopped = cluster.kubectl(drain.toArray(String[]::new));

        assertThat(stopped.status()).isNotZero();
        assertThat(stopped.output()).contains("Cannot evict pod as it would violate the pod's disruption budget");
        assertThat(ready(pods(WORKERS))).as("a quarter may be away").hasSize(NODES * 3 / 4);

        scale(NODES - drained.size());
        List<String> again = new ArrayList<>(List.of("drain", "--delete-emptydir-data", "--timeout=120s"));
        again.addAll(drained);
        must(cluster.kubectl(again.toArray(String[]::new)));
        soon("the workers that are left").until(() -> ready(pods(WORKERS)).size() == NODES - drained.size());
        assertThat(pods(WORKERS))
                .noneMatch(pod -> drained.contains(pod.at("/spec/nodeName").asString()));

        List<String> uncordon = new ArrayList<>(List.of("uncordon"));
        uncordon.addAll(drained);
        must(cluster.kubectl(uncordon.toArray(String[]::new)));
        scale(NODES);
        soon("200 workers again").until(() -> ready(pods(WORKERS)).size() == NODES);
    }

    @Test
    @Order(4)
    void upgradeNeedsNoGpuMoreAndNeverTakesMoreThanAQuarterAway() throws IOException {
        must(release("upgrade", "--set", "images.workerCuda.digest=" + NEW_WORKER));

        assertThat(workerImages()).containsExactly(NEW_WORKER);
        assertThat(ready(pods(WORKERS))).hasSize(NODES);
        JsonNode deployment = deployment();
        assertThat(deployment.at("/spec/strategy/rollingUpdate/maxSurge").asInt())
                .isZero();
        assertThat(pods(WORKERS).stream().map(pod -> pod.at("/spec/nodeName").asString()))
                .doesNotHaveDuplicates();
        assertNothingWasRefused();
    }

    @Test
    @Order(5)
    void migrationThatFailsStopsTheUpgradeBeforeAnythingElseChanges() throws IOException {
        long before = deployment().at("/metadata/generation").asLong();

        var failed = release(
                "upgrade",
                "--set",
                "images.workerCuda.digest=sha256:" + "6".repeat(64),
                "--set",
                "images.migrations.digest=" + FAILING_MIGRATIONS);

        assertThat(failed.status()).isNotZero();
        assertThat(failed.output()).contains("pre-upgrade");
        assertThat(deployment().at("/metadata/generation").asLong()).isEqualTo(before);
        assertThat(workerImages()).containsExactly(NEW_WORKER);
    }

    @Test
    @Order(6)
    void rollbackBringsTheVersionBeforeAndRunsNoMigration() throws IOException {
        must(release("upgrade", "--set", "images.workerCuda.digest=sha256:" + "7".repeat(64)));
        assertThat(workerImages()).containsExactly("sha256:" + "7".repeat(64));

        must(cluster.helm("rollback", "sac", "2", "-n", "saccade", "--wait", "--timeout", "8m"));

        assertThat(workerImages()).containsExactly(NEW_WORKER);
        assertThat(cluster.objects("events", "-n", "saccade").stream()
                        .filter(event -> event.path("reason").asString().equals("SuccessfulCreate")
                                && event.at("/involvedObject/name").asString().equals("sac-migrate")))
                .as("migrations: one for each upgrade")
                .hasSize(3);
    }

    @Test
    @Order(7)
    void workersGoToZero() throws IOException {
        scale(0);

        soon("no worker").until(() -> pods(WORKERS).isEmpty());
        assertNothingWasRefused();
    }

    @Test
    @Order(8)
    void uninstallLeavesOnlyTheModelsVolume() throws IOException {
        must(cluster.helm("uninstall", "sac", "-n", "saccade", "--wait", "--timeout", "5m"));

        soon("no pod").until(() -> cluster.objects("pods", "-n", "saccade").isEmpty());
        for (String kind : List.of(
                "deployments",
                "jobs",
                "services",
                "networkpolicies",
                "poddisruptionbudgets",
                "scaledobjects",
                "externalsecrets",
                "podmonitors",
                "prometheusrules",
                "httproutes",
                "serviceaccounts")) {
            assertThat(cluster.objects(kind, "-n", "saccade").stream().map(ClusterTest::name))
                    .as(kind)
                    .filteredOn(name -> !name.equals("default"))
                    .isEmpty();
        }
        assertThat(cluster.objects("persistentvolumeclaims", "-n", "saccade").stream()
                        .map(ClusterTest::name))
                .containsExactly("sac-model");
    }

    private KubernetesTools.Outcome release(String command, String... more) throws IOException {
        Path examples = Chart.FOLDER.resolve("examples");
        List<String> arguments = new ArrayList<>(List.of(
                command,
                "sac",
                Chart.FOLDER.toString(),
                "-n",
                "saccade",
                "--wait",
                "--timeout",
                "8m",
                "-f",
                examples.resolve("images.yaml").toString(),
                "-f",
                examples.resolve("gpu-pool.yaml").toString()));
        arguments.addAll(List.of(more));
        return cluster.helm(arguments.toArray(String[]::new));
    }

    private void scale(int workers) throws IOException {
        must(cluster.kubectl("scale", "deployment", WORKER, "-n", "saccade", "--replicas=" + workers));
    }

    private JsonNode deployment() throws IOException {
        return cluster.objects("deployments", "-n", "saccade").stream()
                .filter(object -> name(object).equals(WORKER))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> migrations() throws IOException {
        return cluster.objects("jobs", "-n", "saccade", "-l", "app.kubernetes.io/component=migrations");
    }

    private List<JsonNode> pods(String selector) throws IOException {
        return cluster.objects("pods", "-n", "saccade", "-l", selector);
    }

    private static List<JsonNode> ready(List<JsonNode> pods) {
        return pods.stream()
                .filter(pod -> isTrue(pod, "Ready")
                        && pod.at("/metadata/deletionTimestamp").isMissingNode())
                .toList();
    }

    private List<String> workerImages() throws IOException {
        return pods(WORKERS).stream()
                .map(pod -> pod.at("/spec/containers/0/image").asString())
                .map(image -> image.substring(image.indexOf('@') + 1))
                .distinct()
                .toList();
    }

    /** Neither by PodSecurity nor by anything else between a controller and its pods. */
    private void assertNothingWasRefused() throws IOException {
        assertThat(cluster.objects("events", "-n", "saccade").stream()
                        .filter(event -> event.path("reason").asString().equals("FailedCreate")
                                || event.path("message").asString().contains("PodSecurity"))
                        .map(event -> event.path("message").asString()))
                .isEmpty();
    }

    private static boolean isTrue(JsonNode object, String condition) {
        return object.at("/status/conditions")
                .valueStream()
                .anyMatch(one -> one.path("type").asString().equals(condition)
                        && one.path("status").asString().equals("True"));
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asString();
    }

    private static ConditionFactory soon(String what) {
        return await(what).atMost(Duration.ofMinutes(5)).pollInterval(Duration.ofSeconds(1));
    }

    private static String namespaceSecretsAndVolume() {
        var text = new StringBuilder("""
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: saccade
                  labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/enforce-version: latest}
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: models}
                spec:
                  storageClassName: filestore
                  accessModes: [ReadWriteMany]
                  capacity: {storage: 100Gi}
                  csi: {driver: filestore.example.com, volumeHandle: models}
                """);
        // as External Secrets would make them
        for (String secret : List.of("database-owner", "database", "broker", "store", "webhooks")) {
            text.append("""
                    ---
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: saccade-%s, namespace: saccade}
                    stringData: {username: someone, password: secret, access-key: key, secret-key: secret, key: key}
                    """.formatted(secret));
        }
        return text.toString();
    }

    private static String nodes() {
        var text = new StringBuilder();
        for (int node = 0; node < NODES; node++) {
            text.append("""
                    ---
                    apiVersion: v1
                    kind: Node
                    metadata:
                      name: gpu-%03d
                      annotations: {kwok.x-k8s.io/node: fake}
                      labels:
                        %s: zone-%d
                        kubernetes.io/hostname: gpu-%03d
                        nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3
                    spec:
                      taints: [{key: nvidia.com/gpu, value: present, effect: NoSchedule}]
                    """.formatted(node, ZONE, node % 4, node));
        }
        for (int node = 0; node < OTHER_NODES; node++) {
            text.append("""
                    ---
                    apiVersion: v1
                    kind: Node
                    metadata:
                      name: other-%d
                      annotations: {kwok.x-k8s.io/node: fake}
                      labels: {%s: zone-%d, kubernetes.io/hostname: other-%d%s}
                    """.formatted(
                    node, ZONE, node % 4, node, node < 4 ? "" : ", nvidia.com/gpu.product: NVIDIA-A100-SXM4-40GB"));
        }
        return text.toString();
    }
}
