/** Requests to addresses that clients named: which may be called at all, and a client that calls no others. */
@NullMarked
package dev.saccade.api.egress;

import org.jspecify.annotations.NullMarked;
