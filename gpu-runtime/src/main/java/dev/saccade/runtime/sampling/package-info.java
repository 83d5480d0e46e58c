/** Chooses the next token: penalties, temperature, min-p, top-k, top-p, and counter-based random numbers. */
@NullMarked
package dev.saccade.runtime.sampling;

import org.jspecify.annotations.NullMarked;
