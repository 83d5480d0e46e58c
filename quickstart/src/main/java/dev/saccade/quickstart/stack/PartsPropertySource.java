package dev.saccade.quickstart.stack;

import dev.saccade.quickstart.embedded.EmbeddedStore;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Addresses and passwords of broker and store as Spring's properties. Reading an address waits until its part is
 * ready: so the services are put together while the parts start.
 */
final class PartsPropertySource extends EnumerablePropertySource<Map<String, Supplier<Object>>> {

    private static final String[] NO_NAMES = {};

    PartsPropertySource(EmbeddedParts parts) {
        super("embedded parts", values(parts));
    }

    private static Map<String, Supplier<Object>> values(EmbeddedParts parts) {
        return Map.ofEntries(
                Map.entry("spring.rabbitmq.host", () -> parts.broker().host()),
                Map.entry("spring.rabbitmq.port", () -> parts.broker().port()),
                Map.entry("spring.rabbitmq.username", () -> parts.broker().user()),
                Map.entry("spring.rabbitmq.password", () -> parts.broker().password()),
                Map.entry("spring.rabbitmq.virtual-host", () -> parts.broker().virtualHost()),
                Map.entry("saccade.broker.kind", () -> parts.broker().kind()),
                Map.entry(
                        "saccade.store.endpoint", () -> parts.store().endpoint().toString()),
                Map.entry("saccade.store.access-key", () -> EmbeddedStore.ACCESS_KEY),
                Map.entry("saccade.store.secret-key", parts::storeSecret),
                Map.entry("saccade.store.bucket", () -> EmbeddedStore.BUCKET));
    }

    @Override
    public String[] getPropertyNames() {
        return source.keySet().toArray(NO_NAMES);
    }

    @Override
    public @Nullable Object getProperty(String name) {
        Supplier<Object> value = source.get(name);
        return value == null ? null : value.get();
    }
}
