/** Starting and stopping, and the small parts of it. */
@NullMarked
package dev.saccade.quickstart.stack;

import org.jspecify.annotations.NullMarked;
