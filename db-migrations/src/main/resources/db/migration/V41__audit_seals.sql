-- Audit events are written without a lock: each carries its transaction's number, and a sealer chains, in short intervals,
-- what the transactions of before some number have written (docs/decisions/0020-audit-is-sealed-in-segments.md).
--
-- seq, previous_hash and hash stay for rows of before, and for instances of before, which still write them to audit_head.
-- Every lock on audit_event is short but those of the new indexes, which make inserts wait while they are built.

alter table audit_event
    add column txn bigint,
    alter column seq drop not null,
    alter column previous_hash drop not null,
    alter column hash drop not null,
    -- a check of it would lock the tenant's row, the same for all, with every event; tenants are never deleted
    drop constraint audit_event_tenant_id_fkey,
    -- partitions by id can't have it
    drop constraint audit_event_tenant_id_seq_key;
alter table audit_event
    alter column at set default clock_timestamp(),
    alter column txn set default pg_current_xact_id()::text::bigint;
comment on column audit_event.txn is 'number of the transaction that wrote it, plus audit_clock.shift; null in rows of before';

drop index audit_event_by_subject;
create index audit_event_by_subject on audit_event (tenant_id, subject_id, id);
create index audit_event_by_tenant on audit_event (tenant_id, id);
create index audit_event_by_txn on audit_event (txn);

-- A segment of a tenant's chain: the ids and SHA-256 digests of its events, in order, 48 bytes each.
create table audit_seal (
    tenant_id      uuid not null references tenant,
    segment        bigint not null check (segment >= 1),
    horizon        bigint not null check (horizon >= 0),
    events         integer not null check (events >= 1),
    first_id       uuid not null,
    last_id        uuid not null check (last_id >= first_id),
    contents       bytea not null check (octet_length(contents) = 48 * events),
    previous_hash  bytea not null check (octet_length(previous_hash) = 32),
    hash           bytea not null check (octet_length(hash) = 32),
    sealed_at      timestamptz not null default clock_timestamp(),
    primary key (tenant_id, segment)
);
alter table audit_seal alter column contents set storage external;
create index audit_seal_by_horizon on audit_seal (horizon, last_id);
comment on column audit_seal.horizon is 'the events of transactions before it are sealed; 0: events of before there were seals';

create table audit_chain (
    tenant_id  uuid primary key references tenant,
    segments   bigint not null check (segments >= 1),
    events     bigint not null check (events >= 1),
    hash       bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 50);
comment on table audit_chain is 'where each chain ends: finds that its last seals are missing';

-- One row. A database that was dumped and restored counts transactions anew: shift keeps txn growing.
create table audit_clock (
    only_row  boolean primary key default true check (only_row),
    shift     bigint not null default 0 check (shift >= 0)
);
insert into audit_clock default values;

-- One row. Whoever drops old events by a retention rule notes here first from which id on they are kept.
create table audit_kept (
    only_row  boolean primary key default true check (only_row),
    from_id   uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into audit_kept default values;

create trigger audit_seal_append_only before update or delete on audit_seal
    for each row execute function audit_refuse_change();
create trigger audit_seal_no_truncate before truncate on audit_seal
    for each statement execute function audit_refuse_change();
create trigger audit_chain_no_delete before delete on audit_chain
    for each row execute function audit_refuse_change();
create trigger audit_chain_no_truncate before truncate on audit_chain
    for each statement execute function audit_refuse_change();
create trigger audit_chain_forward before update on audit_chain
    for each row when (
        new.tenant_id <> old.tenant_id or new.segments <> old.segments + 1 or new.events <= old.events)
    execute function audit_head_refuse_return();
