/** How one part of this instance hears that a job may have changed, wherever in the system that happened. */
@NullMarked
package dev.saccade.api.changes;

import org.jspecify.annotations.NullMarked;
