package dev.saccade.quickstart.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFoldersTest {

    @TempDir
    Path home;

    @Test
    void dataLieBelowTheHomeFolderWhereNothingElseIsSaid() {
        assertThat(UserFolders.data(Map.of(), home)).isEqualTo(home.resolve(".local/share/saccade"));
    }

    @Test
    void xdgVariableMovesTheData() {
        assertThat(UserFolders.data(Map.of("XDG_DATA_HOME", "/srv/data"), home))
                .isEqualTo(Path.of("/srv/data/saccade"));
    }

    @Test
    void relativeXdgVariableIsIgnored() {
        assertThat(UserFolders.data(Map.of("XDG_DATA_HOME", "data"), home))
                .isEqualTo(home.resolve(".local/share/saccade"));
    }

    @Test
    void cacheLiesBelowTheHomeFolderWhereItCanBeWritten() {
        assertThat(UserFolders.cache(Map.of(), home, Path.of("/data"))).isEqualTo(home.resolve(".cache/saccade"));
    }

    @Test
    void cacheOfAnUnwritableHomeLiesInTheDataFolder() throws Exception {
        // Permissions would not stop a test that runs as root; a file in the way does.
        Path file = Files.createFile(home.resolve("file"));

        assertThat(UserFolders.cache(Map.of(), file.resolve("home"), Path.of("/data")))
                .isEqualTo(Path.of("/data/programs"));
    }
}
