package dev.saccade.worker;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties below {@code saccade.store}: how the worker reaches the bucket of uploaded media.
 *
 * @param endpoint address such as {@code http://minio:9000}
 * @param region the bucket's region
 */
@ConfigurationProperties("saccade.store")
public record WorkerStoreProperties(
        String endpoint,
        String accessKey,
        String secretKey,
        @DefaultValue("saccade") String bucket,
        @DefaultValue("us-east-1") String region) {

    /** Without the keys, so that no log shows them. */
    @Override
    public String toString() {
        return "WorkerStoreProperties[endpoint=" + endpoint + ", bucket=" + bucket + "]";
    }
}
