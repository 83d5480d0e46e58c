-- What a key may do. Keys of before, and those that an instance of before still makes, may do what they could: all of a submitter's.

alter table api_key add column scopes text[] not null
    default '{media:write,media:read,jobs:write,jobs:read,webhooks:manage}';
