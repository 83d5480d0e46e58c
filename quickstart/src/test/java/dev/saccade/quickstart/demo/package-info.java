/** What the demo prints. */
@NullMarked
package dev.saccade.quickstart.demo;

import org.jspecify.annotations.NullMarked;
