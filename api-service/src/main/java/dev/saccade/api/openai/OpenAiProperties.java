package dev.saccade.api.openai;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the door for OpenAI's clients is set up.
 *
 * @param models names by which the one model that serves here may be asked for; the first is the one that lists show
 * @param maxDataUrlBytes most bytes of all media that stand in one body as data URLs
 * @param answerTimeout how long a request that doesn't stream waits for its answer; its job is cancelled then
 * @param maxFileBytes largest file of lines for a batch
 * @param keepFiles how long files of lines are kept
 */
@ConfigurationProperties("saccade.openai")
record OpenAiProperties(
        @DefaultValue("cosmos-reason1-7b") List<String> models,
        @DefaultValue("67108864") long maxDataUrlBytes,
        @DefaultValue("10m") Duration answerTimeout,
        @DefaultValue("104857600") long maxFileBytes,
        @DefaultValue("30d") Duration keepFiles) {

    OpenAiProperties {
        models = List.copyOf(models);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("Set saccade.openai.models to at least one name.");
        }
    }

    String model() {
        return models.getFirst();
    }
}
