/** Dead letters: taken from the broker's queue into the database, shown, and queued again by those who run the platform. */
@NullMarked
package dev.saccade.api.deadletters;

import org.jspecify.annotations.NullMarked;
