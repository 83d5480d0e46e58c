/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.health;

import org.jspecify.annotations.NullMarked;
