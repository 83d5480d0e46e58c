/** {@code saccade serve}: the whole product on a data folder that stays. */
@NullMarked
package dev.saccade.quickstart.serve;

import org.jspecify.annotations.NullMarked;
