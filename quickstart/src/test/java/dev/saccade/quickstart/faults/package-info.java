/** What must survive: the services as processes of their own on real parts, which are killed, cut off and brought back. */
@NullMarked
package dev.saccade.quickstart.faults;

import org.jspecify.annotations.NullMarked;
