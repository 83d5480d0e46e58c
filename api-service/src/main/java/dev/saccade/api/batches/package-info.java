/** Batches over REST: thousands of jobs in one request, streamed in, and their results in one download, streamed out. */
@NullMarked
package dev.saccade.api.batches;

import org.jspecify.annotations.NullMarked;
