package dev.saccade.api.access;

import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.RequestLimiter;
import dev.saccade.ledger.tenants.Tenants;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Guards every address: first the key, then the size of what is sent, then the scope. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AccessProperties.class, TokenProperties.class})
public class AccessConfiguration {

    private static final Duration BUCKETS_FORGOTTEN = Duration.ofMinutes(5);
    private static final int BUCKETS = 1_000;

    @Bean
    @Lazy
    KnownKeys apiKnownKeys(ApiKeys keys, Tenants tenants, AccessProperties properties) {
        return new KnownKeys(keys, tenants, properties);
    }

    @Bean
    @Lazy
    AccessTokens apiAccessTokens(TokenProperties properties, Tenants tenants) {
        return new AccessTokens(properties, tenants);
    }

    @Bean
    @Lazy
    RequestLimits apiRequestLimits(RequestLimiter limiter, Tenants tenants) {
        return new RequestLimits(limiter, tenants);
    }

    @Bean
    Recurring apiRateBuckets(RequestLimiter limiter) {
        return new Recurring("rate-buckets", BUCKETS_FORGOTTEN, () -> limiter.forget(BUCKETS) == BUCKETS);
    }

    @Bean
    Recurring apiLastUses(ObjectProvider<KnownKeys> keys, AccessProperties properties) {
        return new Recurring("key-uses", properties.lastUseInterval(), () -> {
            keys.getObject().writeLastUses();
            return false;
        });
    }

    @Bean
    FilterRegistrationBean<AccessFilter> apiAccessFilter(
            ObjectProvider<KnownKeys> keys, ObjectProvider<AccessTokens> tokens, ObjectProvider<RequestLimits> limits) {
        var registration =
                new FilterRegistrationBean<>(new AccessFilter(keys::getObject, tokens::getObject, limits::getObject));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        return registration;
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> apiBodyLimitFilter(
            @Value("${saccade.api.max-body-bytes:2097152}") long maxBytes) {
        var registration = new FilterRegistrationBean<>(new BodyLimitFilter(maxBytes));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 30);
        return registration;
    }

    /** Behind the filters, where it is known which controller would answer. */
    @Bean
    WebMvcConfigurer apiScopes() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry interceptors) {
                interceptors.addInterceptor(new ScopeInterceptor()).order(Ordered.HIGHEST_PRECEDENCE);
            }
        };
    }
}
