package dev.saccade.api.tenants;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body that asks for a key. */
@Schema(name = "NewApiKey", example = "{\"name\": \"robot-7\", \"role\": \"submitter\"}")
record NewApiKey(
        @Schema(
                description = "Of no other key in force; audit and usage know the key by it",
                minLength = 1,
                maxLength = 100)
        @Nullable
        String name,

        @Schema(
                description = "A bundle of scopes",
                allowableValues = {"submitter", "viewer", "auditor", "admin", "platform"})
        @Nullable
        String role,

        @Schema(description = "Single scopes, instead of or beside a role", example = "[\"jobs:read\"]") @Nullable
        List<@Nullable String> scopes,

        @Schema(description = "When it ends by itself; never where it is left out") @Nullable
        Instant expiresAt) {

    /**
     * Checks it in one pass.
     *
     * @param mayGive a key never has a scope that its maker hasn't
     */
    Checked check(Set<Scope> mayGive, Instant now) {
        List<Violation> wrong = new ArrayList<>();
        String checkedName = Names.check(name, wrong);
        Set<Scope> wanted = EnumSet.noneOf(Scope.class);
        if (role != null) {
            Role.parse(role)
                    .ifPresentOrElse(
                            known -> wanted.addAll(known.scopes()),
                            () -> wrong.add(new Violation(
                                    "/role", "Give one of submitter, viewer, auditor, admin and platform.")));
        }
        for (int i = 0; scopes != null && i < scopes.size(); i++) {
            String pointer = "/scopes/" + i;
            Scope.parse(String.valueOf(scopes.get(i)))
                    .ifPresentOrElse(wanted::add, () -> wrong.add(new Violation(pointer, "There is no such scope.")));
        }
        if (role == null && (scopes == null || scopes.isEmpty())) {
            wrong.add(new Violation("/role", "Give a role, or scopes."));
        }
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            wrong.add(new Violation("/expires_at", "Give a time in the future."));
        }
        if (!wrong.isEmpty()) {
            throw new ProblemException(
                    422, "invalid-api-key-request", wrong.getFirst().detail(), wrong);
        }
        if (!mayGive.containsAll(wanted)) {
            wanted.removeAll(mayGive);
            throw new ProblemException(
                    403,
                    "scope-not-yours",
                    "You can't give a scope that you don't hold yourself: "
                            + String.join(", ", wanted.stream().map(Scope::text).toList()) + ".");
        }
        return new Checked(checkedName, wanted, expiresAt);
    }

    record Checked(String name, Set<Scope> scopes, @Nullable Instant expiresAt) {}
}
