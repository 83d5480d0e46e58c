package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.DemoModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a decode step asks of the driver, at each number of rows that is computed in another way. */
@ExtendWith(EmulatedGpu.class)
class DecodeLaunchesTest {

    private static final int LAYER = 7;

    /** Before the layers and behind them: embedding, first norm; output rows, their product, the draw. */
    private static final int BESIDE_LAYERS = 5;

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 17, 65, 130})
    void aStepIsSevenLaunchesALayerInOneGraphAndOneWait(int rows) {
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model());
                CudaDevice device = new CudaDevice()) {
            Decoder decoder = new Decoder(checkpoint, device, rows);
            DecoderStep step = firstTokens(rows);
            List<TokenDraw> draws = IntStream.range(0, rows)
                    .mapToObj(row -> new TokenDraw(row, 0, 1, 0, 0, 0, 0, 0, new ScoreChanges(), null))
                    .toList();
            int[] tokens = new int[rows];
            for (int i = 0; i < 3; i++) { // run, recorded, played back
                Emulator.reset();
                decoder.forward(step).draw(draws, tokens);
            }

            int layers = checkpoint.config().text().layers();
            assertThat(launches("every kernel") + launches("cublasGemmEx"))
                    .isLessThanOrEqualTo((long) LAYER * layers + BESIDE_LAYERS);
            assertThat(launches("cuGraphLaunch")).isEqualTo(1);
            assertThat(launches("cuStreamSynchronize") + launches("cuEventSynchronize"))
                    .isEqualTo(1);
            assertThat(Emulator.failure()).isEmpty();
        }
    }

    private static long launches(String name) {
        return Emulator.counters(name).launches();
    }

    private static DecoderStep firstTokens(int rows) {
        int[] each = IntStream.range(0, rows).toArray();
        return new DecoderStep(
                each.clone(),
                new int[3][rows],
                new PagedRows(
                        IntStream.of(each)
                                .map(row -> row * KeyValueCache.BLOCK_TOKENS)
                                .toArray(),
                        IntStream.of(each).map(row -> 1).toArray(),
                        IntStream.rangeClosed(0, rows).toArray(),
                        IntStream.of(each).mapToObj(row -> new int[] {row}).toArray(int[][]::new)),
                RowKinds.ofAnswers(rows),
                List.of(),
                each);
    }
}
