/** How a trace gets into the ledger, and so into every message about a job. */
@NullMarked
package dev.saccade.ledger.tracing;

import org.jspecify.annotations.NullMarked;
