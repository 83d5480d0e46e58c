/** The model against values computed by the public Python implementation. */
@NullMarked
package dev.saccade.runtime.model;

import org.jspecify.annotations.NullMarked;
