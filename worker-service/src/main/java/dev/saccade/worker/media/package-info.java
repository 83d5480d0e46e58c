/** Media on the worker's disk: fetched from the object store, checked, kept for the next job within a bound. */
@NullMarked
package dev.saccade.worker.media;

import org.jspecify.annotations.NullMarked;
