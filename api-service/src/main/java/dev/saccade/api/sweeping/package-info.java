/** Lets the ledger put right what time has changed: lost leases, passed deadlines, stale hints. */
@NullMarked
package dev.saccade.api.sweeping;

import org.jspecify.annotations.NullMarked;
