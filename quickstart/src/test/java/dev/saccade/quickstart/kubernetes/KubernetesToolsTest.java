package dev.saccade.quickstart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart before the programs that others judge charts by. */
class KubernetesToolsTest {

    @TempDir
    private Path work;

    @Test
    void everyExampleIsRenderedByHelmItselfAndPassesItsLint() throws IOException {
        var tools = KubernetesTools.orSkip("helm");
        for (String example : Chart.EXAMPLES) {
            var lint = tools.run("helm", arguments("lint", example, Chart.FOLDER.toString(), "--strict"), Map.of());
            assertThat(lint.status()).as("%s", lint.output()).isZero();
            assertThat(Chart.documents(Files.readString(rendered(tools, example))))
                    .hasSizeGreaterThan(10);
        }
    }

    @Test
    void everyFieldOfEveryObjectIsKnownToKubernetes() throws IOException {
        var tools = KubernetesTools.orSkip("helm", "kubeconform");
        Path schemas = Files.createDirectories(work.resolve("schemas"));
        new ObjectSchemas(schemas).write(tools.descriptions());
        for (String example : Chart.EXAMPLES) {
            var checked = tools.run(
                    "kubeconform",
                    "-strict",
                    "-summary",
                    "-schema-location",
                    schemas + "/{{.ResourceKind}}{{.KindSuffix}}.json",
                    rendered(tools, example).toString());
            assertThat(checked.status()).as("%s: %s", example, checked.output()).isZero();
            assertThat(checked.output()).contains("Invalid: 0, Errors: 0, Skipped: 0");
        }
        Path wrong = Files.writeString(
                work.resolve("wrong.yaml"),
                Files.readString(rendered(tools, "gpu-pool")).replace("pollingInterval:", "polingInterval:"));
        assertThat(tools.run(
                                "kubeconform",
                                "-strict",
                                "-schema-location",
                                schemas + "/{{.ResourceKind}}{{.KindSuffix}}.json",
                                wrong.toString())
                        .output())
                .contains("polingInterval");
    }

    @Test
    void everySuiteOfHelmUnittestPasses() throws IOException {
        var tools = KubernetesTools.orSkip("helm-unittest");
        var suites = tools.run("helm-unittest", "--file", "tests/*_test.yaml", Chart.FOLDER.toString());

        assertThat(suites.status()).as("%s", suites.output()).isZero();
        assertThat(suites.output()).containsPattern("Tests: +[1-9][0-9]* passed, [1-9][0-9]* total");
    }

    @Test
    void kubeScoreFindsNothingCritical() throws IOException {
        var tools = KubernetesTools.orSkip("helm", "kube-score");
        for (String example : Chart.EXAMPLES) {
            var score = tools.run(
                    "kube-score",
                    "score",
                    "--output-format",
                    "ci",
                    "--kubernetes-version",
                    "v1.34",
                    // Images are named by digest, so that pulling again brings the same.
                    "--ignore-test",
                    "container-image-pull-policy",
                    // Databases' images come with users of their own, below 10,000; on OpenShift the platform chooses.
                    "--ignore-test",
                    "container-security-context-user-group-id",
                    // A limit on processors slows a JVM that would only use what others leave.
                    "--ignore-container-cpu-limit",
                    // Nothing is written but into volumes with limits of their own.
                    "--ignore-test",
                    "container-ephemeral-storage-request-and-limit",
                    // The pod of `helm test` comes when it is asked for.
                    "--ignore-test",
                    "networkpolicy-targets-pod",
                    rendered(tools, example).toString());
            assertThat(score.status()).as("%s: %s", example, score.output()).isZero();
        }
    }

    private Path rendered(KubernetesTools tools, String example) throws IOException {
        Path file = work.resolve(example + ".yaml");
        if (!Files.exists(file)) {
            var template = tools.run(
                    "helm", arguments("template", example, "sac", Chart.FOLDER.toString(), "-n", "saccade"), Map.of());
            assertThat(template.status()).as("%s", template.output()).isZero();
            Files.writeString(file, template.output());
        }
        return file;
    }

    private static List<String> arguments(String command, String example, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        Path examples = Chart.FOLDER.resolve("examples");
        arguments.addAll(List.of(
                "-f",
                examples.resolve("images.yaml").toString(),
                "-f",
                examples.resolve(example + ".yaml").toString()));
        return arguments;
    }
}
