@NullMarked
package dev.saccade.quickstart.evaluate;

import org.jspecify.annotations.NullMarked;
