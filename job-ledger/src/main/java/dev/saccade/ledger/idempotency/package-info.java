/** The first answer to each idempotency key of a tenant, kept for a day: what a client sends twice is done once. */
@NullMarked
package dev.saccade.ledger.idempotency;

import org.jspecify.annotations.NullMarked;
