/** Makes an {@link dev.saccade.runtime.Engine} bean from {@code saccade.model}, and says what is wrong where that fails. */
@NullMarked
package dev.saccade.starter;

import org.jspecify.annotations.NullMarked;
