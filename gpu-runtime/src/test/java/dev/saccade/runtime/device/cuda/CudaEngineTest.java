package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.model.DemoModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo model on the emulated device: the whole engine, from chunked prompts to recorded steps. */
@ExtendWith(EmulatedGpu.class)
class CudaEngineTest {

    private static final int TOKENS = 40;

    @Test
    void theDemoModelWritesTheSameAnswersAsOnTheProcessor() {
        List<String> expected = answers(DeviceChoice.CPU);

        assertThat(answers(DeviceChoice.CUDA)).isEqualTo(expected);
        assertThat(Emulator.failure()).isEmpty();
        assertThat(Emulator.counters("decode_attention_64").launches()).isPositive();
        assertThat(Emulator.counters("paged_attention_64").launches()).isPositive();
        assertThat(Emulator.counters("segment_attention_32").launches()).isPositive();
        assertThat(Emulator.counters("draw_tokens").launches()).isPositive();
    }

    private static List<String> answers(DeviceChoice device) {
        EngineOptions options = EngineOptions.DEFAULT.toBuilder()
                .device(device)
                .kvCacheTokens(4096)
                .build();
        try (Engine engine = Engine.open(DemoModel.model(), options)) {
            List<Generation> running = new ArrayList<>();
            running.add(ask(engine, "collision/clips/collision_000.mp4", "Do the two objects collide?"));
            running.add(ask(engine, "collision/clips/collision_001.mp4", "Does the red square hit the white square?"));
            running.add(
                    ask(engine, "collision/clips/collision_002.mp4", "Does the white triangle hit the red circle?"));
            return running.stream().map(one -> one.result().join().text()).toList();
        }
    }

    private static Generation ask(Engine engine, String clip, String question) {
        SamplingParameters sampling =
                SamplingParameters.greedy().toBuilder().maxTokens(TOKENS).build();
        Message message = Message.user(new Part.Video(DemoModel.clips().resolve(clip)), new Part.Text(question));
        return engine.submit(
                new GenerationRequest(List.of(message), sampling, VisionOptions.DEFAULT, false),
                GenerationListener.NONE);
    }
}
