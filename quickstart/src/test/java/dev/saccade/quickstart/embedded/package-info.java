/** The embedded parts, each started for real. */
@NullMarked
package dev.saccade.quickstart.embedded;

import org.jspecify.annotations.NullMarked;
