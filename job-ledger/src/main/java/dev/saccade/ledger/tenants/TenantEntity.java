package dev.saccade.ledger.tenants;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** A row of tenant. */
@Entity
@Table(name = "tenant")
class TenantEntity {

    @Id
    UUID id;

    String name;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected TenantEntity() {}
}
