package dev.saccade.runtime.schedule;

import dev.saccade.runtime.GenerationListener;
import java.lang.System.Logger.Level;

/** Keeps a listener's mistakes away from the engine: one that throws is not called again. */
final class ListenerGuard implements GenerationListener {

    private static final System.Logger LOG = System.getLogger(ListenerGuard.class.getName());

    private final GenerationListener listener;
    private volatile boolean broken;

    ListenerGuard(GenerationListener listener) {
        this.listener = listener;
    }

    @Override
    public void onProgress(Phase phase, long done, long total) {
        guarded(() -> listener.onProgress(phase, done, total));
    }

    @Override
    public void onText(int completion, String delta) {
        if (!delta.isEmpty()) {
            guarded(() -> listener.onText(completion, delta));
        }
    }

    private void guarded(Runnable call) {
        if (broken) {
            return;
        }
        try {
            call.run();
        } catch (RuntimeException e) {
            broken = true;
            LOG.log(Level.WARNING, "A generation listener threw and is not called again", e);
        }
    }
}
