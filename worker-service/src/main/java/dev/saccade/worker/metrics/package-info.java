/** What the engine does, as Micrometer meters and as one observation, which tracing makes a span of, for each request. */
@NullMarked
package dev.saccade.worker.metrics;

import org.jspecify.annotations.NullMarked;
