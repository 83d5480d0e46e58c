/** {@code saccade ask}: one question about one clip, in this process, without services. */
@NullMarked
package dev.saccade.quickstart.ask;

import org.jspecify.annotations.NullMarked;
