@NullMarked
package dev.saccade.quickstart.annotate;

import org.jspecify.annotations.NullMarked;
