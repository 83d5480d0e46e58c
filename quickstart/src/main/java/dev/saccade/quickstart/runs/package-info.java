/** Many questions about many clips: asked in this process or of a running service, with a journal from which a run goes on. */
@NullMarked
package dev.saccade.quickstart.runs;

import org.jspecify.annotations.NullMarked;
