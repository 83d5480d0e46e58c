package dev.saccade.quickstart.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.quickstart.StartupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path temporary;

    @Test
    void secondQuickstartOnTheSameFolderIsRefused() throws Exception {
        try (DataFolder first = DataFolder.open(temporary.resolve("data"))) {
            assertThatThrownBy(() -> DataFolder.open(first.root()))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("in use by another Saccade")
                    .hasMessageContaining("--data");
        }
    }

    @Test
    void folderCanBeOpenedAgainAfterItWasClosed() throws Exception {
        Path folder = temporary.resolve("data");
        String secret;
        try (DataFolder data = DataFolder.open(folder)) {
            secret = data.secret("database");
        }
        try (DataFolder data = DataFolder.open(folder)) {
            assertThat(data.secret("database")).isEqualTo(secret).hasSizeGreaterThan(40);
        }
    }

    @Test
    void onlyTheOwnerCanReadFolderAndSecrets() throws Exception {
        try (DataFolder data = DataFolder.open(temporary.resolve("data"))) {
            data.secret("database");

            assertThat(Files.getPosixFilePermissions(data.root()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(Files.getPosixFilePermissions(data.root().resolve("secrets/database")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void fileInTheWayIsAnErrorThatNamesIt() throws Exception {
        Path file = Files.writeString(temporary.resolve("data"), "not a folder");

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data");
    }
}
