/** The program that brings a checkpoint onto a cluster's volume: fetched from a store or a hub, and only used with the right checksums. */
@NullMarked
package dev.saccade.worker.checkpoint;

import org.jspecify.annotations.NullMarked;
