/** Files that come in several requests, or are fetched. */
@NullMarked
package dev.saccade.api.uploads;

import org.jspecify.annotations.NullMarked;
