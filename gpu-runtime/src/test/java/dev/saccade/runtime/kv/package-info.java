/** Tests of the block pool. */
@NullMarked
package dev.saccade.runtime.kv;

import org.jspecify.annotations.NullMarked;
