/** Tests of the block pool. */
@NullMarked
package dev.saccade.runtime.constrain;

import org.jspecify.annotations.NullMarked;
