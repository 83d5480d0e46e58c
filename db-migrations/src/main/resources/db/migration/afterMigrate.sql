-- Runs at the end of every `migrate`, also where there was nothing to apply.

-- 1. A database that was restored from a dump counts its transactions anew: audit events go on counting from where they were.
do $$
declare
    reached bigint;
    running bigint;
begin
    select greatest((select max(horizon) from audit_seal), (select max(txn) + 1 from audit_event), 0) into reached;
    select pg_current_xact_id()::text::bigint + shift into running from audit_clock;
    if running < reached then
        update audit_clock set shift = shift + reached - running;
        execute format(
            'alter table audit_event alter column txn set default pg_current_xact_id()::text::bigint + %s',
            (select shift from audit_clock));
    end if;
end $$;

-- 2. The role of the services: it reads and writes, owns nothing, and can't change the audit log. Log-ins are given it by
-- `migrate` (SACCADE_SERVICE_USERNAME) or by hand (grant saccade_service to somebody).
do $$
begin
    if not exists (select from pg_roles where rolname = 'saccade_service') then
        create role saccade_service nologin;
    end if;
exception
    when duplicate_object or unique_violation then null; -- another database of this server was faster
    when insufficient_privilege then
        raise notice 'saccade_service does not exist and can not be created: services have to use the owner';
end $$;

do $$
declare
    service constant text := 'saccade_service';
    name text;
begin
    if not exists (select from pg_roles where rolname = service) then
        return;
    end if;
    execute format('grant usage on schema %I to %I', current_schema(), service);
    execute format('grant usage on all sequences in schema %I to %I', current_schema(), service);
    for name in
        -- partitions are reached through their parents only
        select c.relname from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    loop
        execute format('revoke all on %I from %I', name, service);
        execute format(
            case name
                -- time and transaction are the database's to say
                when 'audit_event' then
                    'grant select, insert (id, tenant_id, actor, action, subject_type, subject_id, detail) on %I to %I'
                when 'audit_seal' then 'grant select, insert on %I to %I'
                when 'audit_chain' then 'grant select, insert, update on %I to %I'
                when 'audit_clock' then 'grant select on %I to %I'
                when 'audit_kept' then 'grant select on %I to %I'
                when 'audit_head' then 'grant select on %I to %I'
                when 'flyway_schema_history' then 'grant select on %I to %I'
                when 'partition_rule' then 'grant select on %I to %I'
                when 'tenant' then 'grant select, insert, update on %I to %I'
                else 'grant select, insert, update, delete on %I to %I'
            end,
            name, service);
    end loop;
    if to_regclass('table_partition') is not null then
        execute format('grant select on table_partition to %I', service);
        execute format('grant execute on function make_next_partition, drop_oldest_partition to %I', service);
    end if;
end $$;
