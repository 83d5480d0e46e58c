package dev.saccade.api.openai;

import dev.saccade.api.videos.Received;
import dev.saccade.api.videos.Spool;
import java.io.IOException;
import java.util.Locale;

/**
 * A data URL's bytes on the local disk.
 *
 * @param type as the URL declares it; what the file is, the probe says
 */
record SpooledMedia(Spool spool, String type) {

    /** For display. */
    String filename() {
        return filename(type);
    }

    static String filename(String type) {
        String subtype =
                type.replaceFirst("^.*/", "").replaceFirst("[;+].*$", "").toLowerCase(Locale.ROOT);
        return "data." + (subtype.matches("[a-z0-9]{1,10}") ? subtype : "bin");
    }

    Received received() throws IOException {
        return Received.of(spool.finish());
    }
}
