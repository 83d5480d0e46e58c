/** Batches over HTTP, on real parts. */
@NullMarked
package dev.saccade.api.batches;

import org.jspecify.annotations.NullMarked;
