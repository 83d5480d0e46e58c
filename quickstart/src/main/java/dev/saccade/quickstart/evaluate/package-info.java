/** {@code saccade evaluate}: accuracy over a folder in the reference benchmark's layout. */
@NullMarked
package dev.saccade.quickstart.evaluate;

import org.jspecify.annotations.NullMarked;
