package dev.saccade.quickstart.bench.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class FleetTest {

    private static final int SIX_HOURS = 21_600;

    @Test
    void settingsAreTheChartsDefaults() throws IOException {
        Map<?, ?> worker = map(map(new Yaml(new SafeConstructor(new LoaderOptions()))
                        .load(Files.readString(Path.of("..", "helm", "saccade", "values.yaml"))))
                .get("worker"));
        Map<?, ?> chart = map(worker.get("autoscaling"));
        Map<?, ?> up = map(chart.get("scaleUp"));
        Map<?, ?> down = map(chart.get("scaleDown"));

        assertThat(new Scaling(
                        number(chart, "minReplicas"),
                        number(chart, "maxReplicas"),
                        number(chart, "jobsPerWorker"),
                        number(chart, "pollingSeconds"),
                        number(chart, "cooldownSeconds"),
                        number(up, "pods"),
                        number(up, "periodSeconds"),
                        number(down, "stabilizationSeconds"),
                        number(down, "percent"),
                        number(down, "periodSeconds")))
                .isEqualTo(Scaling.CHART);
        assertThat(number(chart, "jobsPerWorker")).isEqualTo(number(worker, "slots"));
    }

    @Test
    void workIsNeitherLostNorDoneFasterThanSlotsAllow() {
        Outcome outcome = Fleet.run(work(new Load.Steady(1.5), 60), Scaling.CHART);

        assertThat(outcome.jobs()).isBetween((long) (1.45 * SIX_HOURS), (long) (1.55 * SIX_HOURS));
        assertThat(outcome.busy() * outcome.gpuHours() * 3600 * 8)
                .isBetween(0.93 * 20 * outcome.jobs(), 1.07 * 20 * outcome.jobs());
    }

    @Test
    void nothingRunsWhereNothingComes() {
        Outcome outcome = Fleet.run(work(new Load.Steady(0), 60), Scaling.CHART);

        assertThat(outcome).isEqualTo(new Outcome(0, 0, 0, 0, 0, 0));
    }

    @Test
    void theFirstJobWaitsForTheModelAndOneWorkerInHandSparesThat() {
        Scaling warm = new Scaling(1, 10, 8, 15, 900, 8, 60, 600, 25, 120);

        assertThat(Fleet.run(work(new Load.Burst(0.5), 600), Scaling.CHART).waitMedian())
                .isGreaterThan(Fleet.run(work(new Load.Burst(0.5), 0), warm).waitMedian());
    }

    @Test
    void moreJobsForEachWorkerMeanLongerWaitsOnFewerGpus() {
        Work work = work(new Load.Diurnal(1.5), 60);
        Outcome few = Fleet.run(work, Scaling.CHART.withJobsPerWorker(4));
        Outcome many = Fleet.run(work, Scaling.CHART.withJobsPerWorker(16));

        assertThat(many.gpuHours()).isLessThan(few.gpuHours());
        assertThat(many.waitMost99()).isGreaterThan(few.waitMost99());
    }

    private static Work work(Load load, int loadSeconds) {
        return new Work(load, 20, 8, loadSeconds, SIX_HOURS, 7);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> found ? found : Map.of();
    }

    private static int number(Map<?, ?> map, String key) {
        return Integer.parseInt(String.valueOf(map.get(key)));
    }
}
