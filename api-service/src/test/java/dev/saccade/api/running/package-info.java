/** The API running on real parts, once for all tests of this module. */
@NullMarked
package dev.saccade.api.running;

import org.jspecify.annotations.NullMarked;
