package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code src/main/cuda/build} made is what the sources say. */
class FatbinTest {

    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final int ARCHITECTURES = 4;

    @Test
    void theKernelsThatShipWereMadeOfTheseSources() throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String ending : List.of(".cu", ".cuh")) {
            for (Path file : filesEnding(ending)) {
                digest.update(Files.readAllBytes(file));
            }
        }

        assertThat(HexFormat.of().formatHex(digest.digest()))
                .as("hash of the kernels' sources; run src/main/cuda/build and commit what it makes")
                .isEqualTo(new String(resource("kernels.sha256"), StandardCharsets.UTF_8).strip());
        assertThat(resource("kernels.fatbin")).startsWith(0x50, 0xed, 0x55, 0xba);
    }

    @Test
    void noKernelSpillsRegistersOnAnyArchitecture() throws IOException {
        List<String> lines = Files.readAllLines(SOURCES.resolve("resources.txt"));

        assertThat(lines).allSatisfy(line -> assertThat(line).containsPattern("\\b0 stack +0 spilled +0 reloaded$"));
        assertThat(lines).hasSize(ARCHITECTURES * kernelNames(lines));
    }

    private static int kernelNames(List<String> lines) {
        return (int) lines.stream().map(line -> line.split(" ")[0]).distinct().count();
    }

    private static List<Path> filesEnding(String ending) throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            List<Path> found =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith(ending))
                            .sorted()
                            .toList());
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = CudaDevice.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }
}
