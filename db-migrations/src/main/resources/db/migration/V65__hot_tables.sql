-- What every job goes through: fewer statements inside the database, and tables whose dead rows are swept in time.

-- First, because `drop trigger` takes the partitions' locks before the table's, and everybody else takes them the other way.
lock table job in access exclusive mode;

-- One insert for all jobs of a statement: a batch has a thousand.
create function job_write_submitted_events() returns trigger language plpgsql as $$
begin
    insert into job_event (id, tenant_id, job_id, position, state, attempt)
    select
        job_event_id(), tenant_id, id,
        3 * (attempt - 1) + case state when 'QUEUED' then 0 when 'RUNNING' then 1 else 2 end, state, attempt
    from submitted;
    return null;
end $$;
drop trigger job_submitted_event on job;
create trigger job_submitted_event after insert on job
    referencing new table as submitted
    for each statement execute function job_write_submitted_events();

-- A relay looks for the first rows of a table that others empty; counters are updated in place.
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table tenant_counter set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
alter table usage_event set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Entries of jobs that wait or run leave these partitions' small indexes all the time. Later partitions are made like _rest.
alter table job_p0 set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
alter table job_rest set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
