package dev.saccade.api.events;

import java.io.IOException;

/** Where a stream's bytes go. */
interface Outlet {

    /** Sends this at once; blocks for as long as the client doesn't take it. */
    void write(String text) throws IOException;

    /** Ends the answer; doing so again does nothing. */
    void close();
}
