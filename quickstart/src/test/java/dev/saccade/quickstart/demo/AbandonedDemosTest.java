package dev.saccade.quickstart.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.embedded.Durability;
import dev.saccade.quickstart.embedded.EmbeddedPostgres;
import dev.saccade.quickstart.stack.UserFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbandonedDemosTest {

    private static final Instant NOW = Instant.now().plusSeconds(3600);

    @TempDir
    Path temporary;

    @Test
    void folderAndServerOfAKilledDemoAreRemoved() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("saccade-demo-1"));
        EmbeddedPostgres server;
        try (DataFolder data = DataFolder.open(folder)) {
            server = EmbeddedPostgres.start(data, UserFolders.cache(temporary), "secret", Durability.THROWAWAY);
        }

        AbandonedDemos.remove(temporary, NOW);

        assertThat(folder).doesNotExist();
        assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), EmbeddedPostgres.USER, "secret"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void folderOfARunningDemoStays() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("saccade-demo-1"));
        try (DataFolder running = DataFolder.open(folder)) {
            AbandonedDemos.remove(temporary, NOW);

            assertThat(running.root()).exists();
        }
    }

    @Test
    void youngFolderThatNobodyHasLockedYetStays() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("saccade-demo-1"));

        AbandonedDemos.remove(temporary, Instant.now().minusSeconds(600));

        assertThat(folder).exists();
    }

    @Test
    void otherFoldersStay() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("saccade-notes"));

        AbandonedDemos.remove(temporary, NOW);

        assertThat(folder).exists();
    }
}
