/** The life of a job: submit, claim, heartbeat, complete, requeue, cancel, sweep; and the one table of allowed transitions. */
@NullMarked
package dev.saccade.ledger.jobs;

import org.jspecify.annotations.NullMarked;
