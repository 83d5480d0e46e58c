/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.access;

import org.jspecify.annotations.NullMarked;
