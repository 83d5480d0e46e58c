-- Prompts that tenants have defined. A version never changes, and its number is never used again: jobs name it.
create table prompt (
    id          uuid primary key,
    tenant_id   uuid not null references tenant,
    name        text not null check (name ~ '^[a-z][a-z0-9_]{0,63}$'),
    version     integer not null check (version >= 1),
    actor       text not null check (length(actor) between 1 and 200),
    definition  text not null check (length(definition) <= 262144),
    created_at  timestamptz not null default clock_timestamp(),
    deleted_at  timestamptz,
    constraint prompt_version_of_tenant unique (tenant_id, name, version)
);
comment on column prompt.definition is 'JSON as text: the order of a schema''s properties counts';
