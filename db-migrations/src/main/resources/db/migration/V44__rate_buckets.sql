-- Token buckets of the rate limits, in Bucket4j's own format. Losing them loses nothing but a minute of memory.
create unlogged table rate_bucket (
    id          text primary key,
    state       bytea,
    expires_at  bigint
) with (fillfactor = 50);
create index rate_bucket_by_expiry on rate_bucket (expires_at);
