package dev.saccade.quickstart.evaluate;

import me.tongfei.progressbar.ProgressBarConsumer;

/** No bar where nobody watches a terminal. */
final class SilentBar implements ProgressBarConsumer {

    @Override
    public int getMaxRenderedLength() {
        return 0;
    }

    @Override
    public void accept(String rendered) {}

    @Override
    public void close() {}
}
