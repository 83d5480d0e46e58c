/** The worker's view of the inference engine: what it asks of it, and its opening beside everything else that starts. */
@NullMarked
package dev.saccade.worker.engine;

import org.jspecify.annotations.NullMarked;
