/** How the API reads and writes JSON. */
@NullMarked
package dev.saccade.api.json;

import org.jspecify.annotations.NullMarked;
