/** Who owns which block of the paged key-value cache. */
@NullMarked
package dev.saccade.runtime.kv;

import org.jspecify.annotations.NullMarked;
