/** The object store that holds uploaded media. */
@NullMarked
package dev.saccade.api.store;

import org.jspecify.annotations.NullMarked;
