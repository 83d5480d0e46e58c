package dev.saccade.quickstart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts and dashboards ask for meters that exist, and every alert has its page. */
class ChartMonitoringTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern METRIC = Pattern.compile("\\b([a-z]+_[a-z_]+|DCGM_[A-Z_]+)\\s*\\{");

    /** Spring Boot's, Prometheus' and DCGM's; ours are in the list of docs/operations.md. */
    private static final Set<String> OTHERS =
            Set.of("up", "http_server_requests", "hikaricp_", "jvm_memory_", "process_start_time", "DCGM_FI_");

    @Test
    void everyAlertHasAPageAndEveryPageAnAlert() throws IOException {
        Set<String> alerts =
                alerts().stream().map(alert -> alert.text("alert")).collect(Collectors.toCollection(TreeSet::new));
        Set<String> pages = new TreeSet<>();
        try (Stream<Path> files = Files.list(DOCS.resolve("runbooks"))) {
            files.map(file -> file.getFileName().toString().replace(".md", ""))
                    .filter(name -> !name.equals("README"))
                    .forEach(pages::add);
        }

        assertThat(alerts).hasSizeGreaterThan(10).isEqualTo(pages);
    }

    @Test
    void pagesSayWhatItMeansAndWhatToDo() throws IOException {
        for (Manifest alert : alerts()) {
            String page = Files.readString(DOCS.resolve("runbooks/" + alert.text("alert") + ".md"));
            assertThat(page).contains("# " + alert.text("alert"), "**Means**", "**Look**", "**Do**");
        }
    }

    @Test
    void alertsAndDashboardsAskForMetersThatExist() throws IOException {
        List<String> expressions = new ArrayList<>();
        for (Manifest alert : alerts()) {
            expressions.add(alert.text("expr"));
            assertThat(alert.text("severity")).isIn("critical", "warning");
            assertThat(alert.text("for")).matches("[0-9]+m");
        }
        try (Stream<Path> files = Files.list(Chart.FOLDER.resolve("dashboards"))) {
            for (Path file : files.toList()) {
                JsonNode board = JsonMapper.shared().readTree(Files.readString(file));
                assertThat(board.path("panels")).as("%s", file).hasSizeGreaterThanOrEqualTo(4);
                board.path("panels")
                        .forEach(panel -> panel.path("targets")
                                .forEach(target ->
                                        expressions.add(target.path("expr").asString(""))));
            }
        }
        Set<String> documented = documented();
        Set<String> asked = expressions.stream()
                .flatMap(expression -> METRIC.matcher(expression).results())
                .map(result -> result.group(1))
                .filter(name -> OTHERS.stream().noneMatch(name::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked)
                .hasSizeGreaterThan(25)
                .allSatisfy(name -> assertThat(documented)
                        .containsAnyOf(
                                name,
                                name.replaceAll("_(total|count|sum)$", ""),
                                name.replaceAll("_seconds_(count|sum)$", "")));
    }

    /** Names of the list of meters, as Prometheus writes them. */
    private static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(DOCS.resolve("operations.md"))) {
            if (!line.startsWith("| `saccade.") || !line.matches(".*\\| (gauge|counter|timer) \\|.*")) {
                continue;
            }
            String first = "";
            Matcher name = Pattern.compile("`([a-z.]+)`").matcher(line.substring(0, line.indexOf("|", 2)));
            while (name.find()) {
                // ".failed" stands beside "saccade.webhooks.delivered" for one with another end
                first = name.group(1).startsWith(".")
                        ? first.substring(0, first.lastIndexOf('.')) + name.group(1)
                        : name.group(1);
                names.add(first.replace('.', '_'));
            }
        }
        return names;
    }

    private static List<Manifest> alerts() throws IOException {
        return ((List<?>) Chart.file("alerts/alerts.yaml"))
                .stream()
                        .map(alert -> new Manifest(Map.copyOf(Manifest.map(alert))))
                        .toList();
    }
}
