package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.cuda.Emulator.Call;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.DemoModel;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a step uploads crosses while kernels of the steps before it run, and the host waits for tokens only. */
@ExtendWith(EmulatedGpu.class)
class UploadOverlapTest {

    private static final int CHUNK = 64;
    private static final String WAITED_FOR = "is waited for by the host";

    @Test
    void uploadsWaitForNoKernelAndTheHostForTokensOnly() {
        List<Call> calls = callsOfTwoChunksAndATokenBehindThem();

        int kernels = streamOf(calls, "look_up");
        int uploads = streamOf(calls, "upload");
        assertThat(uploads).isNotEqualTo(kernels);
        assertThat(calls)
                .filteredOn(call -> call.stream() == uploads)
                .extracting(Call::what)
                .containsOnly("upload");
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).stream() == uploads) { // their place may still be read: they go there behind the kernels
                assertThat(calls.subList(i + 1, i + 3))
                        .containsExactly(new Call(kernels, "waits for " + uploads), new Call(kernels, "copy"));
            }
        }
        assertThat(calls).filteredOn(call -> call.what().equals(WAITED_FOR)).hasSize(1);
        assertThat(calls.subList(calls.size() - 2, calls.size()))
                .containsExactly(new Call(kernels, "download"), new Call(kernels, WAITED_FOR));
        assertThat(Emulator.failure()).isEmpty();
    }

    private static List<Call> callsOfTwoChunksAndATokenBehindThem() {
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model());
                CudaDevice device = new CudaDevice()) {
            Decoder decoder = new Decoder(checkpoint, device, 2 * CHUNK / KeyValueCache.BLOCK_TOKENS + 1);
            TokenDraw greedy = new TokenDraw(0, 0, 1, 0, 0, 0, 0, 0, new ScoreChanges(), null);
            int[] token = new int[1];
            run(decoder, List.of(greedy), token); // what is made at first use is there
            Emulator.noteCalls(true);
            run(decoder, List.of(greedy), token);
            List<Call> calls = Emulator.calls();
            Emulator.noteCalls(false);
            return calls;
        }
    }

    private static void run(Decoder decoder, List<TokenDraw> draws, int[] token) {
        decoder.forward(chunk(0, CHUNK, new int[0]));
        decoder.forward(chunk(CHUNK, CHUNK, new int[0]));
        decoder.forward(chunk(2 * CHUNK, 1, new int[] {0})).draw(draws, token);
    }

    /** @param outputs rows whose logits are wanted */
    private static DecoderStep chunk(int from, int rows, int[] outputs) {
        int[] places = IntStream.range(from, from + rows).toArray();
        int[] table = IntStream.rangeClosed(0, (from + rows) / KeyValueCache.BLOCK_TOKENS)
                .toArray();
        return new DecoderStep(
                places.clone(),
                new int[][] {places, places, places},
                new PagedRows(
                        places,
                        IntStream.of(places).map(place -> place + 1).toArray(),
                        new int[] {0, rows},
                        new int[][] {table}),
                outputs.length > 0 ? RowKinds.ofAnswers(rows) : RowKinds.ofPrompt(rows),
                List.of(),
                outputs);
    }

    private static int streamOf(List<Call> calls, String what) {
        return calls.stream().filter(call -> call.what().equals(what)).findFirst().orElseThrow().stream();
    }
}
