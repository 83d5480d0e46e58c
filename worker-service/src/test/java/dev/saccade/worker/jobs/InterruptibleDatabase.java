package dev.saccade.worker.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** The real database, which a test can cut off. */
final class InterruptibleDatabase extends DelegatingDataSource {

    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean down;

    InterruptibleDatabase(DataSource database) {
        super(database);
    }

    void goDown() {
        refusals.set(0);
        down = true;
    }

    void comeBack() {
        down = false;
    }

    /** Connections that were asked for in vain since the database went down. */
    int refusals() {
        return refusals.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (down) {
            refusals.incrementAndGet();
            throw new SQLNonTransientConnectionException("The test has cut the database off", "08001");
        }
        return super.getConnection();
    }
}
