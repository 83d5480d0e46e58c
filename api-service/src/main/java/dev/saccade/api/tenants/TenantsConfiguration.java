package dev.saccade.api.tenants;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/api-keys} and {@code /v1/tenants}. */
@Configuration(proxyBeanMethods = false)
@Import({ApiKeyController.class, TenantController.class})
public class TenantsConfiguration {}
