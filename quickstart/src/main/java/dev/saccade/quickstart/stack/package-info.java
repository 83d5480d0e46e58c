/** Starts the embedded parts, the API and a worker in this JVM on one data folder, and stops them again in order. */
@NullMarked
package dev.saccade.quickstart.stack;

import org.jspecify.annotations.NullMarked;
