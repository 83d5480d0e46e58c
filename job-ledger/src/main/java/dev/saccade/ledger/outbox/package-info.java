/** Hints that wait to be published: written with the job in one transaction, marked only after the broker's confirm. */
@NullMarked
package dev.saccade.ledger.outbox;

import org.jspecify.annotations.NullMarked;
