/** Tests of the media path against reference values, real clips and bad files. */
@NullMarked
package dev.saccade.runtime.media;

import org.jspecify.annotations.NullMarked;
