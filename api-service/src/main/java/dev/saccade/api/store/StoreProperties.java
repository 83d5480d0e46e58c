package dev.saccade.api.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How to reach the object store: MinIO or any other S3.
 *
 * @param endpoint address such as {@code http://minio:9000}
 * @param publicEndpoint address under which clients reach the store, for presigned uploads; null where it is the same
 * @param accessKey S3 access key
 * @param secretKey S3 secret key
 * @param bucket bucket that holds all tenants' objects
 * @param region the bucket's region; naming it spares a question to the store
 * @param pause how long the store is left alone after it has failed again and again
 */
@ConfigurationProperties("saccade.store")
public record StoreProperties(
        String endpoint,
        @Nullable String publicEndpoint,
        String accessKey,
        String secretKey,
        @DefaultValue("saccade") String bucket,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("3s") Duration pause) {

    @Override
    public String toString() {
        return "StoreProperties[endpoint=" + endpoint + ", bucket=" + bucket + "]";
    }
}
