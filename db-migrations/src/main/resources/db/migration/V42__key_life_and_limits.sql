-- The life of a key: who made it, when it was last used, and the secret that a rotation has replaced but not yet ended.

alter table api_key
    add column created_by text not null default 'ledger' check (length(created_by) between 1 and 200),
    add column last_used_at timestamptz,
    add column previous_hash bytea check (octet_length(previous_hash) = 32),
    add column previous_until timestamptz,
    add constraint api_key_previous_ends check ((previous_hash is null) = (previous_until is null));
create unique index api_key_by_previous on api_key (previous_hash) where previous_hash is not null;

-- Audit and usage know a key by its name, so that two keys in force never share one.
update api_key k set name = left(name, 150) || ' ' || id
where revoked_at is null
    and exists (
        select from api_key older
        where older.tenant_id = k.tenant_id and older.name = k.name and older.revoked_at is null and older.id < k.id);
create unique index api_key_by_name on api_key (tenant_id, name) where revoked_at is null;

-- What a tenant may take; null: without limit.
alter table tenant
    add column suspended_at timestamptz,
    add column max_queued_jobs bigint default 100000 check (max_queued_jobs >= 0),
    add column max_stored_bytes bigint check (max_stored_bytes >= 0),
    add column max_tokens_per_day bigint check (max_tokens_per_day >= 0),
    add column max_requests_per_minute bigint default 60000 check (max_requests_per_minute >= 1);
