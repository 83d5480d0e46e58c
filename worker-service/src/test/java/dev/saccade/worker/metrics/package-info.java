/** Tests of the metrics, on the real engine. */
@NullMarked
package dev.saccade.worker.metrics;

import org.jspecify.annotations.NullMarked;
