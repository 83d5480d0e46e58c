-- Partitions by time, in four steps that each hold their locks for a moment: how partitions are cut, a bound for what is in
-- the tables now (V60), its check, which reads the tables beside those who write (V61), the change itself (V62, V63).
-- docs/decisions/0060-partitions-by-time.md

create table partition_rule (
    family       text primary key check (family in ('jobs', 'audit')),
    tables       text[] not null,
    period       interval not null check (period >= interval '1 hour'),
    ahead        interval not null check (ahead >= interval '1 day'),
    keep         interval check (keep >= interval '1 hour'),
    first_bound  timestamptz not null
);
comment on column partition_rule.tables is 'in the order in which old partitions are dropped: job last, by whose rows the others'' age is judged';
comment on column partition_rule.ahead is 'partitions are there so long before they are needed';
comment on column partition_rule.keep is 'older partitions are dropped; null: never. Only the owner, migrate, sets it';
comment on column partition_rule.first_bound is 'what was there before is one partition, which ends here';
insert into partition_rule (family, tables, period, ahead, first_bound)
values
    ('jobs', '{job_event,job_words,job_result,job_attempt,job}', '7 days', '14 days', date_trunc('day', now(), 'UTC') + interval '3 days'),
    ('audit', '{audit_event}', '28 days', '28 days', date_trunc('day', now(), 'UTC') + interval '3 days');

-- The smallest UUIDv7 of a time (RFC 9562: 48 bits of milliseconds in front), and the time of one.
create function first_id_at(at timestamptz) returns uuid language sql immutable as $$
    select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
create function time_of_id(id uuid) returns timestamptz language sql immutable as $$
    select to_timestamp(('x0000' || left(replace(id::text, '-', ''), 12))::bit(64)::bigint / 1000.0)
$$;

-- A tenant's row was locked, in share, by everything that names it: a dozen times for a job, by all of its transactions at
-- once. Tenants are never deleted, which is said here once instead; and what hangs on a job is dropped with the job's
-- partition, which a foreign key would hold up by reading both tables.
-- Locks in the order in which the ledger takes them.
lock table outbox, job, job_attempt, job_result, job_words, job_event, audit_event, tenant in access exclusive mode;
alter table job_attempt drop constraint job_attempt_tenant_id_fkey, drop constraint job_attempt_job_id_fkey;
alter table job_result drop constraint job_result_tenant_id_fkey, drop constraint job_result_job_id_fkey;
alter table job_words drop constraint job_words_tenant_id_fkey;
alter table outbox drop constraint outbox_tenant_id_fkey;
alter table job drop constraint job_tenant_id_fkey;

create function tenant_refuse_delete() returns trigger language plpgsql as $$
begin
    raise exception 'tenant %: a tenant is suspended, never deleted', old.id using errcode = 'foreign_key_violation';
end $$;
create trigger tenant_stays before delete on tenant for each row execute function tenant_refuse_delete();
create function tenant_refuse_other_id() returns trigger language plpgsql as $$
begin
    raise exception 'tenant %: its id never changes', old.id using errcode = 'foreign_key_violation';
end $$;
create trigger tenant_keeps_its_id before update of id on tenant
    for each row when (old.id <> new.id) execute function tenant_refuse_other_id();

-- Nothing that is there lies beyond the bound, also where a clock was wrong. NOT VALID: new rows are checked from now on, the
-- others by V61. Between V60 and V62 nobody may be three days ahead.
do $$
declare
    rule record;
    name text;
    key text;
    latest uuid;
begin
    for rule in select * from partition_rule loop
        foreach name in array rule.tables loop
            key := case when name in ('job', 'audit_event') then 'id' else 'job_id' end;
            execute format('select %I from %I order by %I desc limit 1', key, name, key) into latest;
            update partition_rule
            set first_bound = greatest(first_bound, date_trunc('day', time_of_id(latest), 'UTC') + interval '3 days')
            where family = rule.family and latest is not null;
        end loop;
    end loop;
    for rule in select * from partition_rule loop
        if rule.first_bound > now() + interval '30 days' then
            raise warning 'ids of % reach until %: all until then stays one partition', rule.family, rule.first_bound;
        end if;
        foreach name in array rule.tables loop
            key := case when name in ('job', 'audit_event') then 'id' else 'job_id' end;
            execute format(
                'alter table %I add constraint before_first_bound check (%I < %L) not valid',
                name, key, first_id_at(rule.first_bound));
        end loop;
    end loop;
end $$;
