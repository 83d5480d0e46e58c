/** The engine's public face: open a model folder, submit requests, receive tokens and results. */
@NullMarked
package dev.saccade.runtime;

import org.jspecify.annotations.NullMarked;
