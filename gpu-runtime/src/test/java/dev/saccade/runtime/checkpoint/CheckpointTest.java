package dev.saccade.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckpointTest {

    private static final Path DEMO = Path.of(System.getProperty("saccade.home"), "gpu-runtime/demo-model");

    @Test
    void opensTheDemoModel() {
        try (Checkpoint checkpoint = Checkpoint.open(DEMO)) {
            ModelConfig config = checkpoint.config();
            assertThat(config.text().layers()).isEqualTo(5);
            assertThat(config.text().mropeSection()).isEqualTo(List.of(8, 12, 12));
            assertThat(config.vision().fullAttentionBlocks()).isEqualTo(Set.of(1, 3));
            assertThat(config.eosTokenIds()).isEqualTo(Set.of(717, 715));
            assertThat(checkpoint.parameters()).isEqualTo(10_840_640 / 2);
            assertThat(checkpoint.fingerprint()).matches("[0-9a-f]{64}");
        }
    }
}
