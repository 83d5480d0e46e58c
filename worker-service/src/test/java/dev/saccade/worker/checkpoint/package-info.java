/** Checkpoints fetched from a real store and a real HTTP server, right and wrong ones. */
@NullMarked
package dev.saccade.worker.checkpoint;

import org.jspecify.annotations.NullMarked;
