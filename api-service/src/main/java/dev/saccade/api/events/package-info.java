/** Jobs' events as they happen: {@code GET /v1/jobs/{id}/events}, one feed for each job, any number of streams on it. */
@NullMarked
package dev.saccade.api.events;

import org.jspecify.annotations.NullMarked;
