/** Tests of the benchmark: that it measures what it says, never how fast. */
@NullMarked
package dev.saccade.runtime.bench;

import org.jspecify.annotations.NullMarked;
