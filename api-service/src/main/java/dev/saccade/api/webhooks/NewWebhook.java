package dev.saccade.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.egress.EgressPolicy;
import dev.saccade.api.egress.ForbiddenUrlException;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.webhooks.WebhookEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/webhooks}. */
@Schema(name = "NewWebhook", example = "{\"url\": \"https://hooks.example.com/saccade\"}")
record NewWebhook(
        @Schema(description = "https, by a public name", example = "https://hooks.example.com/saccade")
        @JsonProperty(required = true)
        @Nullable
        String url,

        @Nullable String description,

        @Schema(description = "What to tell of; all events where it is left out") @Nullable
        List<@Nullable String> events,

        @Schema(description = "Which jobs to tell of: all of the tenant's, or those that name it", defaultValue = "all")
        @Nullable
        Jobs jobs) {

    private static final int LONGEST_DESCRIPTION = 500;

    enum Jobs {
        @JsonProperty("all")
        ALL,
        @JsonProperty("named")
        NAMED
    }

    boolean allJobs() {
        return jobs != Jobs.NAMED;
    }

    String checkedUrl(EgressPolicy policy) {
        if (url == null) {
            throw ProblemException.invalid("invalid-url", "/url", "Give the URL that is to be called.");
        }
        try {
            policy.check(url);
            return url;
        } catch (ForbiddenUrlException forbidden) {
            throw ProblemException.invalid("invalid-url", "/url", forbidden.reason());
        }
    }

    @Nullable
    String checkedDescription() {
        if (description != null
                && (description.isBlank()
                        || description.length() > LONGEST_DESCRIPTION
                        || description.codePoints().anyMatch(NewWebhook::isBad))) {
            throw ProblemException.invalid(
                    "invalid-field",
                    "/description",
                    "Give 1 to " + LONGEST_DESCRIPTION + " characters, none of them a control character.");
        }
        return description;
    }

    private static boolean isBad(int point) {
        return Character.isISOControl(point) || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    List<WebhookEvent> checkedEvents() {
        if (events == null) {
            return List.of(WebhookEvent.values());
        }
        Set<WebhookEvent> known = new LinkedHashSet<>();
        for (int i = 0; i < events.size(); i++) {
            int place = i;
            known.add(WebhookEvent.parse(String.valueOf(events.get(i))).orElseThrow(() -> unknown("/events/" + place)));
        }
        if (known.isEmpty()) {
            throw unknown("/events");
        }
        return List.copyOf(known);
    }

    private static ProblemException unknown(String pointer) {
        String all =
                Arrays.stream(WebhookEvent.values()).map(WebhookEvent::text).collect(Collectors.joining(", "));
        return ProblemException.invalid("invalid-field", pointer, "Give one or more of " + all + ".");
    }
}
