package dev.saccade.api.tenants;

import dev.saccade.api.problems.Problem.Violation;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names of tenants and keys, as their makers give them. */
final class Names {

    private static final int LONGEST = 100;

    private Names() {}

    /** The name without space around it; notes what is wrong with it. */
    static String check(@Nullable String given, List<Violation> wrong) {
        String name = Objects.requireNonNullElse(given, "").strip();
        boolean printable = name.codePoints()
                .allMatch(point -> !Character.isISOControl(point)
                        && Character.getType(point) != Character.SURROGATE
                        && Character.getType(point) != Character.FORMAT);
        if (name.isEmpty() || name.length() > LONGEST || !printable) {
            wrong.add(new Violation("/name", "Give a name of 1 to " + LONGEST + " printable characters."));
        }
        return name;
    }
}
