/** What all lists have in common: a cursor and a limit. */
@NullMarked
package dev.saccade.api.paging;

import org.jspecify.annotations.NullMarked;
