/** Constrained decoding: JSON schemas, regular expressions and choices as automata over bytes, and the tokens that fit them. */
@NullMarked
package dev.saccade.runtime.constrain;

import org.jspecify.annotations.NullMarked;
