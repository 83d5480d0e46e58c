package dev.saccade.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsIdentityTest {

    @TempDir
    Path dir;

    @Test
    void itStaysWhileNothingChanges() throws IOException {
        Path file = Files.write(dir.resolve("model.safetensors"), new byte[3_000_000]);

        assertThat(WeightsIdentity.of(List.of(file)))
                .isEqualTo(WeightsIdentity.of(List.of(file)))
                .hasSize(64);
    }

    @Test
    void aNewHeaderSizeTimeOrFileChangesIt() throws IOException {
        Path file = Files.write(dir.resolve("model.safetensors"), new byte[3_000_000]);
        FileTime time = Files.getLastModifiedTime(file);
        String first = WeightsIdentity.of(List.of(file));

        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1_000));
        String later = WeightsIdentity.of(List.of(file));
        byte[] header = new byte[3_000_000];
        header[9] = 1;
        Files.write(file, header);
        Files.setLastModifiedTime(file, time);
        String renamed = WeightsIdentity.of(List.of(file));
        Files.write(file, new byte[3_000_001]);
        Files.setLastModifiedTime(file, time);
        String longer = WeightsIdentity.of(List.of(file));
        Path copy = Files.copy(file, dir.resolve("copy.safetensors"));
        Files.setLastModifiedTime(copy, time);

        assertThat(List.of(first, later, renamed, longer, WeightsIdentity.of(List.of(copy))))
                .doesNotHaveDuplicates();
    }
}
