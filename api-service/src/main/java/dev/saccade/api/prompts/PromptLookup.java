package dev.saccade.api.prompts;

import dev.saccade.ledger.prompts.StoredPrompt;
import dev.saccade.ledger.prompts.TenantPrompts;
import dev.saccade.runtime.prompts.Prompt;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.PromptReader;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds prompts by name: the catalogue's, which all tenants have, and the tenant's own. Their names never meet. */
public final class PromptLookup {

    private final TenantPrompts tenants;

    PromptLookup(TenantPrompts tenants) {
        this.tenants = tenants;
    }

    /** @param own the tenant's */
    public record Found(Prompt prompt, boolean own) {}

    /** @param version null for the newest */
    public Optional<Found> find(UUID tenantId, String name, @Nullable Integer version) {
        if (PromptCatalogue.find(name).isPresent()) {
            var known = version == null ? PromptCatalogue.find(name) : PromptCatalogue.find(name, version);
            return known.map(prompt -> new Found(prompt, false));
        }
        // what no prompt can be called, such as a name with a NUL, the database would not even look for
        return PromptReader.isName(name)
                ? tenants.find(tenantId, name, version).map(PromptLookup::found)
                : Optional.empty();
    }

    /** Every version that the tenant can use, by name and version. */
    List<Found> all(UUID tenantId) {
        return Stream.concat(
                        PromptCatalogue.all().stream().map(prompt -> new Found(prompt, false)),
                        tenants.list(tenantId).stream().map(PromptLookup::found))
                .sorted(Comparator.comparing((Found found) -> found.prompt().name())
                        .thenComparing(found -> found.prompt().version()))
                .toList();
    }

    private static Found found(StoredPrompt stored) {
        return new Found(PromptReader.read(stored.definition()), true);
    }
}
