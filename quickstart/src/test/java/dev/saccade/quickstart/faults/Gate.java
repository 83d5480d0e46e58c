package dev.saccade.quickstart.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP relay on a port of its own, in front of one part, which a test can shut. */
final class Gate implements AutoCloseable {

    private enum Mode {
        OPEN,
        /** Requests pass, answers wait: the other side has done what it was asked, and nobody knows. */
        ANSWERS_HELD,
        /** Connections are reset, new ones closed at once. */
        SHUT
    }

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int target;
    private volatile Mode mode = Mode.OPEN;

    private Gate(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** @param target a port of this machine */
    static Gate to(int target) throws IOException {
        return new Gate(target);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Connections that were refused since the gate was last shut. */
    int refused() {
        return refused.get();
    }

    synchronized void open() {
        mode = Mode.OPEN;
        notifyAll();
    }

    synchronized void holdAnswers() {
        mode = Mode.ANSWERS_HELD;
    }

    synchronized void shut() {
        refused.set(0);
        mode = Mode.SHUT;
        notifyAll();
        sockets.forEach(Gate::closeQuietly);
    }

    /** Leads to another port from now on. */
    synchronized void leadTo(int port) {
        target = port;
        sockets.forEach(Gate::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                lead(server.accept());
            } catch (IOException e) {
                // the gate was closed, or what lies behind it is down: the client sees its connection end
            }
        }
    }

    private void lead(Socket client) throws IOException {
        int port = target;
        Socket behind;
        try {
            behind = new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        synchronized (this) { // shut or led elsewhere meanwhile: whoever did it has not seen these sockets
            if (mode == Mode.SHUT || target != port) {
                refused.incrementAndGet();
                closeQuietly(client);
                closeQuietly(behind);
                return;
            }
            sockets.add(client);
            sockets.add(behind);
        }
        start(() -> relay(client, behind, false));
        start(() -> relay(behind, client, true));
    }

    private void relay(Socket from, Socket to, boolean answers) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers) {
                    awaitPassage();
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // one side is gone, and so is the other
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private synchronized void awaitPassage() throws IOException {
        try {
            while (mode == Mode.ANSWERS_HELD) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void start(Runnable work) {
        Thread.ofPlatform().daemon().name("gate").start(work);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        shut();
    }
}
