/** The OpenAPI document, written from the controllers when it is first asked for. */
@NullMarked
package dev.saccade.api.openapi;

import org.jspecify.annotations.NullMarked;
