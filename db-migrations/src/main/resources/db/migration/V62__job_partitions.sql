-- Jobs and all that hangs on them are partitioned by the time at which the job was submitted, which its id begins with: what
-- belongs together is dropped together. What was there becomes the first partition as it is: nothing is copied or read.
-- Instances of before go on: names, columns and their order stay.

-- In the order in which the ledger takes them.
lock table job, job_attempt, job_result, job_words, job_event in access exclusive mode;

drop trigger job_transition on job;
drop trigger job_identity on job;
drop trigger job_success_has_result on job;
drop trigger job_submitted_counts on job;
drop trigger job_moved_counts on job;
drop trigger job_submitted_event on job;
drop trigger job_moved_event on job;
drop trigger job_result_of_success on job_result;

-- Makes a table the first partition of a new one of its name; keys and indexes of the new one are those that are named,
-- which the old one must have. Another partition, _rest, takes what no other is there for: a wrong clock loses nothing.
create function become_partitioned(parent text, key text, bound timestamptz, keys text[]) returns void language plpgsql as $$
declare
    first constant text := parent || '_p0';
    rest constant text := parent || '_rest';
    options text;
    definition text;
begin
    select array_to_string(reloptions, ', ') into options from pg_class where oid = parent::regclass;
    execute format('alter table %I rename to %I', parent, first);
    execute format('create table %I (like %I including all)', rest, first);
    if options is not null then
        execute format('alter table %I set (%s)', rest, options);
    end if;
    execute format('alter table %I drop constraint before_first_bound', rest);
    execute format(
        'create table %I (like %I including defaults including constraints including generated including storage including comments)'
            || ' partition by range (%I)',
        parent, rest, key);
    foreach definition in array keys loop
        if definition like 'constraint %' then
            execute format('alter table only %I add %s', parent, definition);
        else
            execute definition;
        end if;
    end loop;
    execute format(
        'alter table %I attach partition %I for values from (minvalue) to (%L)', parent, first, first_id_at(bound));
    execute format('alter table %I attach partition %I default', parent, rest);
    execute format('alter table %I drop constraint before_first_bound', first);
end $$;

select become_partitioned('job', 'id', first_bound, array[
    'constraint job_key primary key (id)',
    'create index job_of_tenant on job (tenant_id, id desc)',
    'create index job_of_tenant_in_state on job (tenant_id, state, id desc)',
    'create index job_running_until on job (lease_until) where state = ''RUNNING''',
    'create index job_queued_until on job (queue_deadline) where state = ''QUEUED'' and queue_deadline is not null',
    'create index job_queued_hinted on job (hint_due_at) where state = ''QUEUED''',
    'create index job_queued_in_line on job (urgency, id) where state = ''QUEUED'''])
from partition_rule where family = 'jobs';
-- each partition of these has its own primary key, on id or as here
select become_partitioned('job_attempt', 'job_id', first_bound, array[
    'constraint job_attempt_of_job unique (job_id, attempt)'])
from partition_rule where family = 'jobs';
select become_partitioned('job_result', 'job_id', first_bound, array['constraint job_result_key primary key (job_id)'])
from partition_rule where family = 'jobs';
select become_partitioned('job_words', 'job_id', first_bound, array[
    'constraint job_words_key primary key (job_id, part)',
    'create index job_words_found on job_words using gin (words)'])
from partition_rule where family = 'jobs';
select become_partitioned('job_event', 'job_id', first_bound, array[
    'create index job_event_of_job on job_event (job_id, position)'])
from partition_rule where family = 'jobs';

create trigger job_transition before update of state on job
    for each row when (old.state is distinct from new.state) execute function job_refuse_illegal_transition();
create trigger job_identity before update of id, tenant_id, created_at, request, attempt on job
    for each row when (
        old.id <> new.id or old.tenant_id <> new.tenant_id or old.created_at <> new.created_at
        or new.attempt < old.attempt or old.request is distinct from new.request)
    execute function job_refuse_identity_change();
create constraint trigger job_success_has_result after insert or update of state on job
    deferrable initially deferred
    for each row when (new.state = 'SUCCEEDED') execute function job_refuse_success_without_result();
create trigger job_submitted_counts after insert on job
    referencing new table as submitted
    for each statement execute function job_count_submitted();
create constraint trigger job_moved_counts after update of state on job
    deferrable initially deferred
    for each row when (old.state is distinct from new.state) execute function job_count_moved();
create trigger job_submitted_event after insert on job for each row execute function job_write_event();
create trigger job_moved_event after update of state on job
    for each row when (old.state is distinct from new.state) execute function job_write_event();
create trigger job_result_of_success before insert or update on job_result
    for each row execute function job_result_refuse_without_success();

-- The services reach partitions through the tables only, and must not wait for the end of migrate to reach those.
do $$
declare
    name text;
begin
    if exists (select from pg_roles where rolname = 'saccade_service') then
        foreach name in array array['job', 'job_attempt', 'job_result', 'job_words', 'job_event'] loop
            execute format('grant select, insert, update, delete on %I to saccade_service', name);
            execute format('revoke all on %I from saccade_service', name || '_p0');
        end loop;
    end if;
end $$;
