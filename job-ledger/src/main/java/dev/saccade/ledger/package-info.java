/** The life of a job in PostgreSQL: states, claims, leases, results, outbox and audit. */
@NullMarked
package dev.saccade.ledger;

import org.jspecify.annotations.NullMarked;
