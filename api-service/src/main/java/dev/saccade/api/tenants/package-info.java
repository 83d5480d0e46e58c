/** Tenants and their API keys over REST: what administrators of a tenant, and of the platform, do. */
@NullMarked
package dev.saccade.api.tenants;

import org.jspecify.annotations.NullMarked;
