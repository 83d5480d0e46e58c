/** Tells whoever listens how running jobs go on, by the broker; never slows or fails a job. */
@NullMarked
package dev.saccade.worker.events;

import org.jspecify.annotations.NullMarked;
