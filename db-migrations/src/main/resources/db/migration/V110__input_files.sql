-- Files of lines that batches are made of. They are kept here and not in the object store: what they say becomes rows of jobs
-- anyway, and here they come and go in one transaction with what is known about them.

create table input_file (
    id          uuid primary key,
    tenant_id   uuid not null references tenant,
    actor       text not null check (length(actor) between 1 and 200),
    filename    text not null check (length(filename) between 1 and 1000),
    size_bytes  bigint not null check (size_bytes >= 1),
    created_at  timestamptz not null default clock_timestamp(),
    expires_at  timestamptz not null
);
create index input_file_of_tenant on input_file (tenant_id, id desc);
create index input_file_over on input_file (expires_at);

create table input_file_piece (
    file_id  uuid not null references input_file on delete cascade,
    number   integer not null check (number >= 0),
    bytes    bytea not null check (octet_length(bytes) between 1 and 1048576),
    primary key (file_id, number)
);

alter table batch
    add column input_file_id uuid,
    add column endpoint text check (length(endpoint) between 1 and 100),
    add column metadata jsonb,
    add constraint batch_source_is_whole check ((input_file_id is null) = (endpoint is null));
comment on column batch.input_file_id is 'the file that it was made of, which may be gone; null where its lines came with the request';
