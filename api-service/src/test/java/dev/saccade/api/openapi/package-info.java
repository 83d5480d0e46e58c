/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.openapi;

import org.jspecify.annotations.NullMarked;
