/** A small HTTP client of the API, as any customer would write one. */
@NullMarked
package dev.saccade.quickstart.client;

import org.jspecify.annotations.NullMarked;
