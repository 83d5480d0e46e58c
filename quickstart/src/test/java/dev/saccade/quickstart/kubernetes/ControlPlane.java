package dev.saccade.quickstart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.quickstart.endtoend.Fixtures;
import dev.saccade.quickstart.kubernetes.KubernetesTools.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Kubernetes' own programs as processes of the test: a real API server, scheduler and controllers, and kwok's nodes and pods. */
final class ControlPlane implements AutoCloseable {

    private static final String TOKEN = "of-the-test";
    private static final Path STAGES = Path.of("src", "test", "resources", "kubernetes", "stages.yaml");

    private final KubernetesTools tools;
    private final Path folder;
    private final Path kubeconfig;
    private final List<Process> processes = new ArrayList<>();

    private ControlPlane(KubernetesTools tools, Path folder) {
        this.tools = tools;
        this.folder = folder;
        this.kubeconfig = folder.resolve("kubeconfig");
    }

    /** Returns when it answers, with the kinds of KEDA, Prometheus, External Secrets and the Gateway API known to it. */
    static ControlPlane start(KubernetesTools tools, Path folder) throws IOException {
        var plane = new ControlPlane(tools, folder);
        try {
            plane.startPrograms();
            plane.addKinds();
        } catch (IOException | RuntimeException e) {
            plane.close();
            throw e;
        }
        return plane;
    }

    private void startPrograms() throws IOException {
        int etcd = Fixtures.freePort();
        int server = Fixtures.freePort();
        Path key = serviceAccountKey();
        Path tokens = Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",admin,admin,system:masters\n");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
                users: [{name: admin, user: {token: %s}}]
                contexts: [{name: test, context: {cluster: test, user: admin}}]
                current-context: test
                """.formatted(server, TOKEN));
        String peers = "http://127.0.0.1:" + Fixtures.freePort();
        String clients = "http://127.0.0.1:" + etcd;
        run(
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--unsafe-no-fsync");
        run(
                "kube-apiserver",
                "--etcd-servers=" + clients,
                "--bind-address=127.0.0.1",
                "--secure-port=" + server,
                "--cert-dir=" + folder.resolve("certificates"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-cluster-ip-range=10.0.0.0/16");
        await("the API server; see " + folder)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .failFast(() -> processes.stream().anyMatch(process -> !process.isAlive()))
                .until(() -> kubectl("get", "--raw", "/readyz").status() == 0);
        run(
                "kube-controller-manager",
                "--kubeconfig=" + kubeconfig,
                "--secure-port=" + Fixtures.freePort(),
                "--leader-elect=false",
                "--cert-dir=" + folder.resolve("certificates-of-controllers"),
                "--service-account-private-key-file=" + key,
                "--controllers=*,-horizontal-pod-autoscaler-controller",
                "--kube-api-qps=200",
                "--kube-api-burst=400",
                "--concurrent-deployment-syncs=10");
        run(
                "kube-scheduler",
                "--kubeconfig=" + kubeconfig,
                "--secure-port=" + Fixtures.freePort(),
                "--leader-elect=false",
                "--cert-dir=" + folder.resolve("certificates-of-scheduler"));
        run(
                "kwok",
                "--kubeconfig=" + kubeconfig,
                "--config=" + STAGES.toAbsolutePath(),
                "--manage-all-nodes=true",
                "--node-lease-duration-seconds=40",
                "--server-address=127.0.0.1:" + Fixtures.freePort());
    }

    private void addKinds() throws IOException {
        try (Stream<Path> files = Files.list(tools.descriptions())) {
            for (Path kind :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                apply(kind);
            }
        }
        must(kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"));
    }

    private Path serviceAccountKey() throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            String key = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
            return Files.writeString(
                    folder.resolve("service-accounts.pem"),
                    "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    private void run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(tools.program(program).toString()));
        command.addAll(List.of(arguments));
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".log").toFile())
                .start());
    }

    Outcome kubectl(String... arguments) throws IOException {
        return tools.run("kubectl", List.of(arguments), Map.of("KUBECONFIG", kubeconfig.toString()));
    }

    Outcome helm(String... arguments) throws IOException {
        return tools.run(
                "helm",
                List.of(arguments),
                Map.of(
                        "KUBECONFIG",
                        kubeconfig.toString(),
                        "HELM_CACHE_HOME",
                        folder.resolve("helm").toString()));
    }

    /** Objects of one kind. */
    List<JsonNode> objects(String kind, String... selection) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("get", kind, "-o", "json"));
        arguments.addAll(List.of(selection));
        String json = must(kubectl(arguments.toArray(String[]::new)));
        return JsonMapper.shared().readTree(json).path("items").valueStream().toList();
    }

    void apply(Path file) throws IOException {
        // the largest kinds don't fit into the annotation that a client's own apply keeps
        must(kubectl("apply", "--server-side", "-f", file.toString()));
    }

    static String must(Outcome outcome) {
        assertThat(outcome.status()).as(outcome.output()).isZero();
        return outcome.output();
    }

    @Override
    public void close() {
        for (Process process : processes.reversed()) {
            process.destroy();
        }
        for (Process process : processes.reversed()) {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
