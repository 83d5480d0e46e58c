/** Everything in one JVM on embedded parts, and the command line. */
@NullMarked
package dev.saccade.quickstart;

import org.jspecify.annotations.NullMarked;
