-- Partitions are made ahead and dropped when they are old by functions of the schema's owner, which the services may call:
-- what they do is settled by partition_rule, which the services can't change. Each call does one step in one transaction and
-- waits for no lock longer than half a second, so that nobody queues behind it for long; the next call tries again.

create view table_partition as
select
    p.oid::regclass::text as parent,
    c.oid::regclass as partition,
    c.relname as name,
    coalesce((regexp_match(bound.expression, 'FROM \(''([0-9a-f-]+)''\)'))[1]::uuid, '00000000-0000-0000-0000-000000000000')
        as from_id,
    (regexp_match(bound.expression, 'TO \(''([0-9a-f-]+)''\)'))[1]::uuid as to_id
from pg_partitioned_table t
join pg_class p on p.oid = t.partrelid and p.relnamespace = current_schema()::regnamespace
join pg_inherits i on i.inhparent = p.oid
join pg_class c on c.oid = i.inhrelid
cross join lateral (select pg_get_expr(c.relpartbound, c.oid) as expression) bound;
comment on column table_partition.to_id is 'null: the partition for what no other is there for';

-- Makes the table's next partition; null where enough are there, or where somebody else is about to.
create function make_next_partition(parent text) returns text
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
    rule partition_rule;
    key text;
    rest constant text := parent || '_rest';
    bound timestamptz;
    next_bound timestamptz;
    name text;
    options text;
    moved bigint;
begin
    select * into rule from partition_rule where parent = any(tables);
    if not found then
        raise exception '% is not partitioned by a rule', parent;
    end if;
    if not pg_try_advisory_xact_lock(hashtext('saccade partitions')) then
        return null;
    end if;
    select time_of_id(max(to_id::text)::uuid) into bound
    from table_partition where table_partition.parent = make_next_partition.parent and to_id is not null;
    if bound >= now() + rule.ahead then
        return null;
    end if;
    next_bound := bound + rule.period;
    name := parent || to_char(bound at time zone 'UTC', '"_p"YYYYMMDD"_"HH24MI');
    select attname into key from pg_partitioned_table join pg_attribute on attrelid = partrelid and attnum = partattrs[0]
    where partrelid = parent::regclass;
    execute format('create table %I (like %I including all)', name, rest);
    select array_to_string(reloptions, ', ') into options from pg_class where oid = rest::regclass;
    if options is not null then
        execute format('alter table %I set (%s)', name, options);
    end if;
    -- what came before its time, by a wrong clock
    execute format('lock table %I in access exclusive mode', rest);
    execute format('alter table %I disable trigger user', rest);
    execute format(
        'with early as (delete from %1$I where %2$I >= %3$L and %2$I < %4$L returning *) insert into %5$I (%6$s) select %6$s from early',
        rest, key, first_id_at(bound), first_id_at(next_bound), name,
        (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
            where attrelid = rest::regclass and attnum > 0 and not attisdropped and attgenerated = ''));
    get diagnostics moved = row_count;
    execute format('alter table %I enable trigger user', rest);
    execute format(
        'alter table %I attach partition %I for values from (%L) to (%L)',
        parent, name, first_id_at(bound), first_id_at(next_bound));
    if parent = 'audit_event' then
        execute format(
            'create trigger audit_event_no_truncate before truncate on %I'
                || ' for each statement execute function audit_refuse_change()', name);
    end if;
    return name || case when moved > 0 then format(' (with %s rows that came early)', moved) else '' end;
end $$;

-- Whether everything in a range of ids has been over for as long as its rule keeps it.
create function partition_is_over(family text, from_id uuid, to_id uuid, keep interval) returns boolean
language plpgsql stable as $$
begin
    if time_of_id(to_id) > now() - keep then
        return false;
    end if;
    return case family
        when 'jobs' then not exists (
            select from job where id >= from_id and id < to_id and (finished_at is null or finished_at > now() - keep))
        when 'audit' then not exists (
            select from audit_event
            where id >= from_id and id < to_id
                and (txn >= (select coalesce(max(horizon), 0) from audit_seal)
                    or txn is null and id > coalesce(
                        (select last_id from audit_seal where horizon = 0 order by last_id desc limit 1),
                        '00000000-0000-0000-0000-000000000000')))
    end;
end $$;

-- Drops the table's oldest partition if its rule says so; null where there is none such. Jobs that are unfinished keep their
-- whole partition; the audit log's goes only when all in it is sealed, and audit_kept says so first.
create function drop_oldest_partition(parent text) returns text
language plpgsql security definer set lock_timeout = '500ms' as $$
declare
    rule partition_rule;
    oldest table_partition;
begin
    select * into rule from partition_rule where parent = any(tables);
    if not found then
        raise exception '% is not partitioned by a rule', parent;
    end if;
    if rule.keep is null or not pg_try_advisory_xact_lock(hashtext('saccade partitions')) then
        return null;
    end if;
    select * into oldest from table_partition
    where table_partition.parent = drop_oldest_partition.parent and to_id is not null
    order by to_id limit 1;
    if not found or not partition_is_over(rule.family, oldest.from_id, oldest.to_id, rule.keep) then
        return null;
    end if;
    if rule.family = 'audit' then
        update audit_kept set from_id = greatest(from_id::text, oldest.to_id::text)::uuid;
    end if;
    execute format('alter table %I detach partition %I', parent, oldest.name);
    execute format('drop table %I', oldest.name);
    return oldest.name;
end $$;

-- Run with the owner's rights: nothing but this schema may stand for the names in them.
do $$
declare
    name text;
begin
    foreach name in array array['make_next_partition', 'drop_oldest_partition', 'partition_is_over'] loop
        execute format('alter function %I set search_path = %I, pg_temp', name, current_schema());
    end loop;
end $$;

revoke execute on function make_next_partition, drop_oldest_partition from public;
do $$
begin
    if exists (select from pg_roles where rolname = 'saccade_service') then
        grant execute on function make_next_partition, drop_oldest_partition to saccade_service;
        grant select on partition_rule, table_partition to saccade_service;
    end if;
end $$;
