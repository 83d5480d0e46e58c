/** A published model folder: configuration, memory-mapped weights, defaults and fingerprint, refused with a precise error. */
@NullMarked
package dev.saccade.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
