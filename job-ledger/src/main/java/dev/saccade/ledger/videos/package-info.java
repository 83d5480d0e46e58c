/** Uploaded videos and images: what is known about each and where its bytes lie in the object store. */
@NullMarked
package dev.saccade.ledger.videos;

import org.jspecify.annotations.NullMarked;
