-- As V62, for the audit log: partitioned by the time of the event. Its seals stay whole, also of what a retention rule drops.
lock table audit_event in access exclusive mode;

drop trigger audit_event_append_only on audit_event;
drop trigger audit_event_no_truncate on audit_event;

select become_partitioned('audit_event', 'id', first_bound, array[
    'constraint audit_event_key primary key (id)',
    'create index audit_event_of_subject on audit_event (tenant_id, subject_id, id)',
    'create index audit_event_of_tenant on audit_event (tenant_id, id)',
    'create index audit_event_of_txn on audit_event (txn)'])
from partition_rule where family = 'audit';
drop function become_partitioned;

create trigger audit_event_append_only before update or delete on audit_event
    for each row execute function audit_refuse_change();
-- this kind is not handed down to partitions
create trigger audit_event_no_truncate before truncate on audit_event
    for each statement execute function audit_refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event_p0
    for each statement execute function audit_refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event_rest
    for each statement execute function audit_refuse_change();

do $$
begin
    if exists (select from pg_roles where rolname = 'saccade_service') then
        grant select, insert (id, tenant_id, actor, action, subject_type, subject_id, detail) on audit_event to saccade_service;
        revoke all on audit_event_p0 from saccade_service;
    end if;
end $$;
