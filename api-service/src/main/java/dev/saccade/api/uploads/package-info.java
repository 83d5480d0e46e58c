/** Files that come in several requests: by presigned addresses of the store, by tus, or fetched from a URL. */
@NullMarked
package dev.saccade.api.uploads;

import org.jspecify.annotations.NullMarked;
