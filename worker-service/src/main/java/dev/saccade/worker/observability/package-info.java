/** What operators see of an attempt: its span, in the trace of the request that submitted the job, and the fields of its log lines. */
@NullMarked
package dev.saccade.worker.observability;

import org.jspecify.annotations.NullMarked;
