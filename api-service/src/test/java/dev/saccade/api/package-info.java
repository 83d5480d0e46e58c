/** Tests of the module as a whole. */
@NullMarked
package dev.saccade.api;

import org.jspecify.annotations.NullMarked;
