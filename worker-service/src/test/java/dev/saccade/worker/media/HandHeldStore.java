package dev.saccade.worker.media;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Objects in memory, handed out when and how a test says. */
final class HandHeldStore implements MediaStore {

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> opened = new ConcurrentHashMap<>();
    private final Queue<byte[]> damaged = new ArrayDeque<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile @Nullable IOException outage;

    void put(String key, byte[] content) {
        objects.put(key, content);
    }

    /** Nothing comes until {@link #release}. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    @Override
    public boolean reachable() {
        return outage == null;
    }

    /** Every call fails from now on; null ends it. */
    void fail(@Nullable IOException outage) {
        this.outage = outage;
    }

    /** The next call gets these bytes instead of the object's. */
    synchronized void damageNext(byte[] bytes) {
        damaged.add(bytes);
    }

    /** How often the object was asked for. */
    int opened(String key) {
        return opened.getOrDefault(key, new AtomicInteger()).get();
    }

    @Override
    public InputStream open(String objectKey) throws IOException, UnusableMediaException {
        opened.computeIfAbsent(objectKey, key -> new AtomicInteger()).incrementAndGet();
        awaitGate();
        if (outage != null) {
            throw outage;
        }
        var object = objects.get(objectKey);
        if (object == null) {
            throw UnusableMediaException.missing();
        }
        return new ByteArrayInputStream(nextBytes(object));
    }

    private synchronized byte[] nextBytes(byte[] object) {
        var instead = damaged.poll();
        return instead == null ? object : instead;
    }

    private void awaitGate() throws IOException {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
