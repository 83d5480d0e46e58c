/** The queue consumer: claims jobs, runs the engine, records outcomes under a lease. */
@NullMarked
package dev.saccade.worker;

import org.jspecify.annotations.NullMarked;
