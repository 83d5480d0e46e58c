package dev.saccade.runtime.schedule;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.FileContent;
import dev.saccade.runtime.media.MeasuredMedia;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.media.PreparedMedia;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The real pipeline behind a gate; counts who comes to it and who passes. */
final class GatedMedia implements MediaSource {

    private final MediaPipeline pipeline;
    final AtomicInteger measured = new AtomicInteger();
    final AtomicInteger prepared = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    GatedMedia(MediaPipeline pipeline) {
        this.pipeline = pipeline;
    }

    void shut() {
        gate = new CountDownLatch(1);
    }

    void open() {
        gate.countDown();
    }

    @Override
    public FileContent content(Part media) {
        return pipeline.content(media);
    }

    @Override
    public MeasuredMedia measure(Part media, VisionOptions options, FileContent content) {
        MeasuredMedia facts = pipeline.measure(media, options, content);
        measured.incrementAndGet();
        return facts;
    }

    @Override
    public PreparedMedia prepare(MeasuredMedia facts) {
        prepared.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw new MediaException("media-cancelled", "Stopped at the gate.", e);
        }
        return pipeline.prepare(facts);
    }
}
