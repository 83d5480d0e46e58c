/** What travels over the broker: the hint about a job, and the queues that carry it. */
@NullMarked
package dev.saccade.ledger.messages;

import org.jspecify.annotations.NullMarked;
