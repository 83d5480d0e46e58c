-- Reads every row once. Nobody waits for it: rows are read and written meanwhile.
alter table job validate constraint before_first_bound;
alter table job_attempt validate constraint before_first_bound;
alter table job_result validate constraint before_first_bound;
alter table job_words validate constraint before_first_bound;
alter table job_event validate constraint before_first_bound;
alter table audit_event validate constraint before_first_bound;
