package dev.saccade.quickstart.stack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where a user's data and caches belong, by the XDG base directory specification. */
public final class UserFolders {

    private UserFolders() {}

    /** The data folder of {@code serve} where none is given. */
    public static Path data() {
        return data(System.getenv(), home());
    }

    static Path data(Map<String, String> environment, Path home) {
        return base(environment, "XDG_DATA_HOME", home.resolve(".local/share")).resolve("saccade");
    }

    /**
     * Where programs are unpacked once for all runs.
     *
     * @param data used where the home can't be written; never a folder that others could have filled before
     */
    public static Path cache(Path data) {
        return cache(System.getenv(), home(), data);
    }

    static Path cache(Map<String, String> environment, Path home, Path data) {
        Path cache = base(environment, "XDG_CACHE_HOME", home.resolve(".cache"));
        Path existing = cache;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.isDirectory(existing) && Files.isWritable(existing)
                ? cache.resolve("saccade")
                : data.resolve("programs");
    }

    /** As shells see it; the JVM itself looks into the list of users. */
    private static Path home() {
        String home = System.getenv().getOrDefault("HOME", "");
        return Path.of(home.startsWith("/") ? home : System.getProperty("user.home"));
    }

    private static Path base(Map<String, String> environment, String variable, Path fallback) {
        String value = environment.getOrDefault(variable, "");
        // The specification has relative paths ignored.
        return value.startsWith("/") ? Path.of(value) : fallback;
    }
}
