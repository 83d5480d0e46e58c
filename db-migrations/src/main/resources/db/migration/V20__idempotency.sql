-- The first answer to each Idempotency-Key, written in the transaction that created what it tells of.

create table idempotent_answer (
    tenant_id    uuid not null references tenant,
    key          text not null check (length(key) between 1 and 255),
    fingerprint  bytea not null check (octet_length(fingerprint) = 32),
    status       integer check (status between 200 and 299),
    headers      jsonb,
    body         text,
    expires_at   timestamptz not null,
    primary key (tenant_id, key)
);
create index idempotent_answer_by_expiry on idempotent_answer (expires_at);
comment on column idempotent_answer.fingerprint is 'SHA-256 over the request''s method, address and body';
comment on column idempotent_answer.status is 'null only inside the transaction that creates: nobody else sees it';
