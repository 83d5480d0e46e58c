/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.jobs;

import org.jspecify.annotations.NullMarked;
