-- Commands that were refused, for half a minute (docs/adr/0011-ask-all-replicas-a-query.md). They stand beside the answers
-- and under their body, because a refusal does not take its key: with another body it is another try.
create table refusals (
    key       uuid        not null,
    verb      text        not null,
    body_hash bytea       not null,
    answer    text        not null,
    at        timestamptz not null,
    primary key (key, verb, body_hash)
);
create index refusals_at on refusals (at);
