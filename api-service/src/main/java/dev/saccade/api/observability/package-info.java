/** What operators see of the API: meters, the trace that a job is submitted in, and the fields of its log lines. */
@NullMarked
package dev.saccade.api.observability;

import org.jspecify.annotations.NullMarked;
