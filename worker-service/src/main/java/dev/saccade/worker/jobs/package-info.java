/** One job from its message to its outcome: claim, heartbeat, fetch, generate, record; and the draining of all of them. */
@NullMarked
package dev.saccade.worker.jobs;

import org.jspecify.annotations.NullMarked;
