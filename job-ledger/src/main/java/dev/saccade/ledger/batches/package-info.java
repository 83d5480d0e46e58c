/** Batches: many jobs that are submitted together, taken in chunk by chunk so that an intake that broke off can go on. */
@NullMarked
package dev.saccade.ledger.batches;

import org.jspecify.annotations.NullMarked;
