package dev.saccade.runtime.sampling;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What was made of the last few values of a parameter, so that the answers of a request share it. Safe for several threads. */
final class RecentlyUsed<K, V> {

    private static final int KEPT = 128;

    private final Function<K, V> make;
    private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > KEPT;
        }
    };

    RecentlyUsed(Function<K, V> make) {
        this.make = make;
    }

    synchronized V of(K key) {
        V known = values.get(key);
        if (known == null) {
            known = make.apply(key);
            values.put(key, known);
        }
        return known;
    }
}
