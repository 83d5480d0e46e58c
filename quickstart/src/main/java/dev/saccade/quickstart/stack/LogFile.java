package dev.saccade.quickstart.stack;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sends all logging to one file in the data folder: the console belongs to the user. */
final class LogFile {

    /** What talks too much, or repeats what our own messages say. */
    private static final Map<String, Level> LEVELS = Map.of(
            "DERBY", Level.OFF,
            "org.apache.qpid", Level.WARN,
            "qpid.message", Level.WARN,
            "org.eclipse.jetty", Level.WARN,
            "org.gaul", Level.WARN,
            "org.hibernate", Level.WARN,
            "org.flywaydb", Level.WARN,
            "com.zaxxer.hikari", Level.WARN);

    private LogFile() {}

    static void configure(Path folder) {
        // Spring would set up its own console logging over this.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{30} %msg%n");
        encoder.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender(context, encoder, folder));
        LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static RollingFileAppender<ILoggingEvent> appender(
            LoggerContext context, PatternLayoutEncoder encoder, Path folder) {
        String file = folder.resolve("saccade.log").toString();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(file + ".%i");
        window.setMinIndex(1);
        window.setMaxIndex(3);
        trigger.setContext(context);
        trigger.setMaxFileSize(FileSize.valueOf("10MB"));
        appender.setContext(context);
        appender.setFile(file);
        appender.setEncoder(encoder);
        appender.setRollingPolicy(window);
        appender.setTriggeringPolicy(trigger);
        window.start();
        trigger.start();
        appender.start();
        return appender;
    }
}
