@NullMarked
package dev.saccade.quickstart.runs;

import org.jspecify.annotations.NullMarked;
