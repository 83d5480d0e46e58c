package dev.saccade.api.json;

import java.time.Instant;
import org.springframework.core.convert.converter.Converter;

/** Query parameters that are times: RFC 3339 and nothing else; an empty one is wrong, not absent. */
public final class TimeParameter implements Converter<String, Instant> {

    @Override
    public Instant convert(String text) {
        return Instant.parse(text);
    }
}
