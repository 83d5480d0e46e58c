/** Publishes what the ledger committed: confirmed by the broker before it counts as sent. */
@NullMarked
package dev.saccade.api.outbox;

import org.jspecify.annotations.NullMarked;
