/** Tests of the checkpoint package. */
@NullMarked
package dev.saccade.runtime.checkpoint.random;

import org.jspecify.annotations.NullMarked;
