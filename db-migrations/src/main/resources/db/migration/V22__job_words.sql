-- What jobs are found by. A table of its own, which is only inserted into: an index on job would get a new entry with every
-- heartbeat. Jobs that an instance of before takes in are found by state and time only.

create table job_words (
    job_id     uuid not null,
    part       text not null check (part in ('ASKED', 'ANSWERED')),
    tenant_id  uuid not null references tenant,
    words      tsvector not null,
    primary key (job_id, part)
);
create index job_words_search on job_words using gin (words);
comment on column job_words.words is 'the words, and lexemes that no text has: =t: the tenant, =v: a video, =g: a tag';
