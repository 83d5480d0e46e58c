@NullMarked
package dev.saccade.api.tenants;

import org.jspecify.annotations.NullMarked;
