package dev.saccade.runtime.constrain;

import java.util.Map;

/** The values of {@code format} that are kept to, as regular expressions over the whole string. */
final class StringFormats {

    private static final String YEAR = "[0-9]{4}";
    private static final String LEAP_YEAR =
            "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[048]|[2468][048]|[13579][26])00)";
    private static final String DATE = "(?:" + YEAR + "-(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|"
            + YEAR + "-(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|"
            + YEAR + "-02-(?:0[1-9]|1[0-9]|2[0-8])|" + LEAP_YEAR + "-02-29)";
    private static final String HOUR_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
    private static final String TIME = HOUR_MINUTE + ":[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+\\-]" + HOUR_MINUTE + ")";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,30}[A-Za-z0-9])?";
    private static final String ATOM = "[A-Za-z0-9_%+\\-]{1,32}";
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    private static final Map<String, Regex> FORMATS = Map.of(
            "date", RegexParser.parse(DATE),
            "time", RegexParser.parse(TIME),
            "date-time", RegexParser.parse(DATE + "T" + TIME),
            "uuid", RegexParser.parse("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"),
            "email",
                    RegexParser.parse(
                            ATOM + "(?:\\." + ATOM + "){0,2}@" + LABEL + "(?:\\." + LABEL + "){0,2}\\.[A-Za-z]{2,24}"),
            "ipv4", RegexParser.parse("(?:" + BYTE + "\\.){3}" + BYTE));

    private StringFormats() {}

    static Regex of(String format, SchemaPlace place) {
        Regex known = FORMATS.get(format);
        if (known == null) {
            throw place.unsupported("the format '" + SchemaKeywords.shortened(format)
                    + "' is not supported (date, time, date-time, uuid, email and ipv4 are),");
        }
        return known;
    }
}
