/** Tests of the sampling package. */
@NullMarked
package dev.saccade.runtime.sampling;

import org.jspecify.annotations.NullMarked;
