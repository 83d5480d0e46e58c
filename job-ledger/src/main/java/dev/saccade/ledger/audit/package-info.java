/** The append-only audit log, a hash chain of sealed segments for each tenant, and its verification. */
@NullMarked
package dev.saccade.ledger.audit;

import org.jspecify.annotations.NullMarked;
