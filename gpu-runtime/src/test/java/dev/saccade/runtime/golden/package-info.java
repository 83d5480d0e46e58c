/** Reads the reference values in {@code src/test/resources/goldens}. */
@NullMarked
package dev.saccade.runtime.golden;

import org.jspecify.annotations.NullMarked;
