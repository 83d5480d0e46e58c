/** {@code saccade annotate}: one prompt about each clip of a folder, into a file that is also what the run goes on from. */
@NullMarked
package dev.saccade.quickstart.annotate;

import org.jspecify.annotations.NullMarked;
