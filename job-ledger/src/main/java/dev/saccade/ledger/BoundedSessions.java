package dev.saccade.ledger;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Gives every connection of the pool the ledger's settings, unless the application has said how a connection begins. */
final class BoundedSessions implements BeanPostProcessor {

    private final ObjectProvider<DatabaseSettings> settings;

    BoundedSessions(ObjectProvider<DatabaseSettings> settings) {
        this.settings = settings;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof HikariDataSource pool && !pool.isRunning() && pool.getConnectionInitSql() == null) {
            var bounds = settings.getObject();
            pool.setConnectionInitSql(bounds.sessionSql());
            pool.addDataSourceProperty("socketTimeout", bounds.answerTimeout().toSeconds());
            pool.addDataSourceProperty("tcpKeepAlive", true);
        }
        return bean;
    }
}
