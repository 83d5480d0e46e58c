package dev.saccade.quickstart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad values stop the release with a sentence that names them and says how to mend it. */
class ChartRefusalsTest {

    @TempDir
    static Path work;

    static Chart chart;

    @BeforeAll
    static void copy() {
        chart = new Chart(work);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicas=3                                    | additional properties 'replicas' not allowed
            api.replcas=3                                 | at '/api': additional properties 'replcas' not allowed
            worker.pools.default.gpus=1                   | additional properties 'gpus' not allowed
            worker.device=gpu                             | at '/worker/device': value must be one of 'cuda', 'cpu'
            worker.gpu.count=0                            | gpu.count is 0, but a worker with device cuda runs on one GPU: set gpu.count to 1
            worker.pools.default.gpu.count=2              | set gpu.count to 1 and ask for more replicas
            worker.terminationGracePeriodSeconds=359      | shorter than the longest job: it would be killed and done again. Give at least 360
            worker.pools.default.longestJobSeconds=9000,worker.terminationGracePeriodSeconds=400 | Give at least 9060
            worker.strategy.maxUnavailable=0              | raise one of them
            worker.autoscaling.minReplicas=50             | autoscaling.minReplicas is above maxReplicas
            secrets.database.name=                        | secrets.database.name is empty: the services' log-in at the database has to come from a Secret. Make one (kubectl
            secrets.databaseOwner.name=                   | secrets.databaseOwner.name is empty
            secrets.broker.name=                          | secrets.broker.name is empty
            secrets.store.name=                           | --from-literal=AWS_ACCESS_KEY_ID=...
            database.host=                                | database.host is empty: name your PostgreSQL
            broker.host=                                  | broker.host is empty: name your RabbitMQ
            store.endpoint=                               | store.endpoint is empty
            images.api.digest=                            | images.api.digest is empty: name the image by its digest
            images.migrations.repository=                 | there is no published image. Build one (docs/kubernetes.md
            images.api.digest=sha256:12                   | at '/images/api/digest'
            security.runAsUser=0                          | at '/security/runAsUser'
            model.source.url=http://hub                   | model.source.url must begin with https://
            model.checksums.config\\.json=12              | at '/model/checksums/config.json'
            model.source.kind=existing                    | model.volume.existingClaim is empty: name the PersistentVolumeClaim
            api.oauth2.issuer=https://id.example.com      | api.oauth2.audience is empty
            monitoring.alerts.enabled=true                | monitoring.alerts.runbooks is empty
            gateway.enabled=true                          | gateway.name and gateway.host are needed
            ingress.host=                                 | ingress.host is empty
            secrets.externalSecrets.enabled=true          | secrets.externalSecrets.store.name is empty
            database.keepJobsDays=0                       | at '/database/keepJobsDays'
            nameOverride=a-name-that-is-much-too-long-for-what-is-made-of-it | give the release a name of at most 40
            """)
    void saysHowToMendIt(String settings, String sentence) {
        assertThatThrownBy(() -> chart.render("existing-services", settings.split(",")))
                .hasMessageContaining(sentence);
    }

    /** The schema lists exactly what the file of values explains. */
    @Test
    void schemaKnowsEveryValueAndNoOther() throws IOException {
        Set<String> explained = new TreeSet<>();
        keys("", Manifest.map(Chart.file("values.yaml")), explained);
        Map<String, Object> schema = Manifest.map(Chart.file("values.schema.json"));
        Set<String> known = new TreeSet<>();
        properties("", schema, schema, known);
        known.remove("global");

        assertThat(known).hasSizeGreaterThan(150).isEqualTo(explained);
    }

    private static void keys(String path, Map<String, Object> values, Set<String> found) {
        values.forEach((key, value) -> {
            found.add(path + key);
            if (value instanceof Map<?, ?>) {
                keys(path + key + ".", Manifest.map(value), found);
            }
        });
        // what users name themselves is no key of ours
        found.removeIf(key -> key.matches("worker\\.pools\\..*|networkPolicy\\.dns\\.podLabels\\..*"
                + "|monitoring\\.dashboards\\.labels\\..*|.*\\.resources\\.(requests|limits)\\..*"));
    }

    private static void properties(
            String path, Map<String, Object> schema, Map<String, Object> root, Set<String> found) {
        Manifest.map(schema.get("properties")).forEach((key, value) -> {
            Map<String, Object> property = Manifest.map(value);
            if (property.get("$ref") instanceof String reference) {
                property = Manifest.map(
                        new Manifest(root).at(reference.substring(2).split("/")));
            }
            found.add(path + key);
            properties(path + key + ".", property, root, found);
        });
    }
}
