package dev.saccade.api.running;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Stops the API while its database still runs: in the JVM's shutdown both would go at once, and the API would wait for it. */
public final class StopAtTheEnd implements LauncherSessionListener {

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        RunningApi.stop();
    }
}
