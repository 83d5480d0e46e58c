/** The engine's loop on reference media: greedy answers, batches, cancellation. */
@NullMarked
package dev.saccade.runtime.schedule;

import org.jspecify.annotations.NullMarked;
