package dev.saccade.api.events;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer that goes on while no thread waits for it. The container may reuse its objects once it has ended: nothing is written then. */
final class ServletOutlet implements Outlet {

    private static final Logger LOG = LoggerFactory.getLogger(ServletOutlet.class);

    private final AsyncContext async;
    private final ServletResponse response;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean over; // guarded by lock

    private ServletOutlet(AsyncContext async, ServletResponse response) {
        this.async = async;
        this.response = response;
    }

    /** @param gone called when the client has gone, or the answer has ended otherwise */
    static ServletOutlet open(HttpServletRequest request, HttpServletResponse response, Runnable gone) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        var outlet = new ServletOutlet(async, response);
        async.addListener(outlet.new Ending(gone));
        return outlet;
    }

    @Override
    public void write(String text) throws IOException {
        lock.lock();
        try {
            if (over) {
                throw new IOException("The stream has ended");
            }
            ServletOutputStream out = response.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!over) {
                over = true;
                async.complete();
            }
        } catch (IllegalStateException ended) {
            LOG.debug("The container has ended this answer itself", ended);
        } finally {
            lock.unlock();
        }
    }

    private final class Ending implements AsyncListener {

        private final Runnable gone;

        Ending(Runnable gone) {
            this.gone = gone;
        }

        @Override
        public void onComplete(AsyncEvent event) {
            lock.lock();
            try {
                over = true;
            } finally {
                lock.unlock();
            }
            gone.run();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            close();
        }

        @Override
        public void onError(AsyncEvent event) {
            close();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
