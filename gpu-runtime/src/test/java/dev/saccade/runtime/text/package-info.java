/** Tests of the text package. */
@NullMarked
package dev.saccade.runtime.text;

import org.jspecify.annotations.NullMarked;
