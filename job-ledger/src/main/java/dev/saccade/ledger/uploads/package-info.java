/** Uploads that take more than one request, of which any instance takes the next. */
@NullMarked
package dev.saccade.ledger.uploads;

import org.jspecify.annotations.NullMarked;
