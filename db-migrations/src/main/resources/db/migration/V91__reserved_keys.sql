-- A key of a request that takes longer than a transaction may (an upload, a fetch) is reserved first, and settled with its
-- answer; its body's hash is known only at the end. Instances of before answer such a key, as long as it is reserved, with 409
-- or an error, and never create twice.
alter table idempotent_answer
    alter column fingerprint drop not null,
    add column reserved_until timestamptz;
comment on column idempotent_answer.status is
    'null inside the transaction that creates, which nobody else sees, and while the key is reserved';
comment on column idempotent_answer.reserved_until is
    'when somebody else may take the key over: the instance that reserved it has died';
