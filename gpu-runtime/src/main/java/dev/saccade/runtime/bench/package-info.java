/**
 * Measures the engine on a checkpoint, each figure beside the limit that the machine sets it, measured in the same run.
 * {@link dev.saccade.runtime.bench.EngineBench} is the entry.
 */
@NullMarked
package dev.saccade.runtime.bench;

import org.jspecify.annotations.NullMarked;
