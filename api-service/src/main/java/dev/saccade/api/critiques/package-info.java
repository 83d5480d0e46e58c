/** Clips judged for anomalies and ranked, with a report to read. */
@NullMarked
package dev.saccade.api.critiques;

import org.jspecify.annotations.NullMarked;
