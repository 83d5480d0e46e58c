/** What streams of events are made of: the states that a job went through, kept, and its progress, which travels by the broker. */
@NullMarked
package dev.saccade.ledger.events;

import org.jspecify.annotations.NullMarked;
