/** The life of a job on real PostgreSQL, broker and store, with an engine that tests hold in their hands. */
@NullMarked
package dev.saccade.worker.jobs;

import org.jspecify.annotations.NullMarked;
