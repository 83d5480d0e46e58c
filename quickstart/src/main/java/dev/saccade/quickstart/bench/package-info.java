/** {@code saccade make-checkpoint} and {@code saccade bench}: measuring, here and with other engines. */
@NullMarked
package dev.saccade.quickstart.bench;

import org.jspecify.annotations.NullMarked;
