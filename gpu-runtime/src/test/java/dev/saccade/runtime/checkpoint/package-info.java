/** Tests of the checkpoint package. */
@NullMarked
package dev.saccade.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
