/** The dependency table of the design, checked on the compiled classes. */
@NullMarked
package dev.saccade.quickstart.architecture;

import org.jspecify.annotations.NullMarked;
