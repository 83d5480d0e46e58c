/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.videos;

import org.jspecify.annotations.NullMarked;
