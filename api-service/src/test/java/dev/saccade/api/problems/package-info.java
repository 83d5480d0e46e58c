/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.problems;

import org.jspecify.annotations.NullMarked;
