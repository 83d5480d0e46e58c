/** The images, and what runs in them. */
@NullMarked
package dev.saccade.quickstart.images;

import org.jspecify.annotations.NullMarked;
