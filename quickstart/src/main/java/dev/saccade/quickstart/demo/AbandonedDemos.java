package dev.saccade.quickstart.demo;

import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.embedded.EmbeddedPostgres;
import dev.saccade.quickstart.stack.UserFolders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders and database servers of demos that were killed before they could clean up. */
final class AbandonedDemos {

    static final String PREFIX = "saccade-demo-";

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedDemos.class);
    /** A demo that has just made its folder may not have locked it yet. */
    private static final Duration YOUNG = Duration.ofMinutes(10);

    private AbandonedDemos() {}

    /** Removes what nobody uses any more; what can't be removed is left to the next time. */
    static void remove() {
        remove(Path.of(System.getProperty("java.io.tmpdir")), Instant.now().minus(YOUNG));
    }

    static void remove(Path temporary, Instant before) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isOurs(folder)
                        && Files.getLastModifiedTime(folder).toInstant().isBefore(before)) {
                    removeUnused(folder);
                }
            }
        } catch (IOException e) {
            LOG.debug("Abandoned demos are left where they are", e);
        }
    }

    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
    }

    private static void removeUnused(Path folder) throws IOException {
        try (DataFolder data = DataFolder.open(folder)) {
            EmbeddedPostgres.stopLeftOver(data, UserFolders.cache(folder));
            DataFolder.deleteTree(folder);
        } catch (StartupException e) {
            LOG.debug("{} is still in use", folder, e);
        }
    }
}
