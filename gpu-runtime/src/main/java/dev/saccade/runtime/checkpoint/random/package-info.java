/**
 * Checkpoints of random weights in the published format and the published shapes, for measuring: any engine of this
 * architecture reads the same files. {@link dev.saccade.runtime.checkpoint.random.RandomCheckpoint} is the entry.
 */
@NullMarked
package dev.saccade.runtime.checkpoint.random;

import org.jspecify.annotations.NullMarked;
