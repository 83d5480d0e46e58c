/** What the tests' engines compute on. */
@NullMarked
package dev.saccade.runtime.device;

import org.jspecify.annotations.NullMarked;
