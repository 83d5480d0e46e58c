/** Every error that a client can see, as RFC 9457 problem documents, whichever layer found it. */
@NullMarked
package dev.saccade.api.problems;

import org.jspecify.annotations.NullMarked;
