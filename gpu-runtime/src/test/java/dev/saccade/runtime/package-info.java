/** The engine's public face on real files. */
@NullMarked
package dev.saccade.runtime;

import org.jspecify.annotations.NullMarked;
