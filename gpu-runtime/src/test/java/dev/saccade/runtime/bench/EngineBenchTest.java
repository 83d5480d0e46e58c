package dev.saccade.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.checkpoint.random.RandomCheckpoint;
import dev.saccade.runtime.checkpoint.random.Shape;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.media.SyntheticClip;
import dev.saccade.runtime.model.DemoModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EngineTest
class EngineBenchTest {

    private static final SyntheticClip CLIP = new SyntheticClip(64, 48, 2);

    @TempDir
    private Path dir;

    private void makeModel() throws IOException {
        new RandomCheckpoint(Shape.DEMO, 1, 1).write(dir.resolve("model"), DemoModel.model(), null, bytes -> {});
    }

    private BenchSettings settings(int concurrency, int outputTokens) {
        Path model = dir.resolve("model");
        BareProducts bare = (precision, rows, outputs, inputs) -> 2.0 * rows * outputs * inputs / 1e12;
        return new BenchSettings(
                "demo",
                model,
                List.of(1, concurrency),
                40,
                outputTokens,
                0,
                CLIP,
                bare,
                TestDevice.options(EngineOptions.DEFAULT));
    }

    @Test
    void everyFigureIsMeasured() throws IOException {
        makeModel();
        List<String> progress = new ArrayList<>();

        EngineFigures figures = EngineBench.run(settings(3, 8), progress::add);

        assertThat(figures.results())
                .extracting(EngineFigures.Decode::concurrency)
                .containsExactly(1, 3);
        assertThat(figures.results()).allSatisfy(row -> {
            assertThat(row.tokensPerSecond()).isPositive().isFinite();
            assertThat(row.timeToFirstTokenMillis()).isPositive();
            assertThat(row.interTokenMillis()).isPositive();
            assertThat(row.bandwidthRatio()).isPositive().isFinite();
        });
        assertThat(figures.layers()).isEqualTo(1);
        assertThat(figures.prefill().tokens()).isEqualTo(512);
        assertThat(figures.prefill().ratio()).isPositive();
        assertThat(figures.vision().patches()).isPositive();
        assertThat(figures.vision().ratio()).isPositive();
        assertThat(figures.repeat().firstMillis()).isPositive();
        assertThat(figures.repeat().secondMillis()).isPositive();
        assertThat(figures.schedulerMicrosPerStep()).isPositive().isFinite();
        assertThat(figures.schedulerSampledMicrosPerStep()).isPositive().isFinite();
        assertThat(figures.batchInvariance()).isNotNull().satisfies(price -> {
            assertThat(price.concurrency()).isEqualTo(3);
            assertThat(price.price()).isLessThan(1).isFinite();
        });
        assertThat(figures.machine().threads()).isPositive();
        assertThat(progress).contains("decoding, round 1", "looking at a clip, round 2");
        assertThat(FigureTable.of(figures)).contains("demo, 1 layers").contains("% of bare oneDNN");
    }

    @Test
    void answersTooShortToOverlapAreMeasuredFromTheFirstTokenToTheLast() throws IOException {
        makeModel();

        EngineFigures figures = EngineBench.run(settings(20, 2), what -> {});

        assertThat(figures.results().getLast().tokensPerSecond()).isPositive().isFinite();
    }

    @Test
    void sevenBillionsStepReadsTheLayersAndTheOutputProjection() {
        long layer = 2L * (3_584L * (3_584 + 2 * 512) + 3_584L * 3_584 + 3L * 3_584 * 18_944);

        assertThat(MatrixProducts.weightBytesOfAStep(Shape.SEVEN_BILLION.config()))
                .isEqualTo(28 * layer + 2L * 152_064 * 3_584);
    }

    @Test
    void aTowersProductsAreTwoOperationsForEachWeightAndRow() {
        MatrixProducts products =
                MatrixProducts.ofTower(Shape.SEVEN_BILLION.config().vision(), 4_096);
        double block = 1_280.0 * (3 * 1_280 + 1_280 + 3 * 3_420);
        double rows = 2 * 4_096.0 * (32 * block + 1_176.0 * 1_280);
        double merger = 2 * 1_024.0 * (5_120.0 * 5_120 + 5_120.0 * 3_584);

        assertThat(products.operations()).isEqualTo(rows + merger);
    }

    @Test
    void settingsOutOfBoundsSayTheirBounds() {
        assertThatThrownBy(() -> settings(5_000, 8)).hasMessage("concurrency: 5000; give 1 to 1024");
        assertThatThrownBy(() -> settings(1, 1)).hasMessage("output tokens: 1; give 2 to 65536");
    }

    @Test
    void readingMemoryGivesABandwidth() {
        try (ReadBandwidth bandwidth = new ReadBandwidth(1 << 20, 2)) {
            assertThat(bandwidth.measure()).isPositive().isFinite().isEqualTo(bandwidth.best());
        }
    }
}
