/** The whole product over HTTP, on real parts, and killed in mid-job. */
@NullMarked
package dev.saccade.quickstart.endtoend;

import org.jspecify.annotations.NullMarked;
