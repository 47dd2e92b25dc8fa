-- The ledger of erasures: all that is left of people who are erased. The ids are nobody's any more.
--
-- Beside it the chassis keeps tombstones (`erased_aggregates`), which everything that could bring
-- someone back asks first.

create table erasures (
    seeker_id        uuid        primary key,
    at               timestamptz not null,
    version          bigint      not null,  -- of `seeker_erased`
    -- When to look whether the streams hold nothing about her any more; null once that is so.
    look_at          timestamptz,
    looks            integer     not null default 0,
    streams_clean_at timestamptz,
    -- Everybody confirmed and the streams are clean.
    completed_at     timestamptz,
    check ((look_at is null) = (streams_clean_at is not null)),
    check (completed_at is null or streams_clean_at is not null)
);
create index erasures_open on erasures (at) where completed_at is null;
create index erasures_at on erasures (at desc);
create index erasures_look on erasures (look_at) where look_at is not null;

-- Which services deleted what they kept about her.
create table erasure_confirmations (
    seeker_id uuid        not null references erasures,
    service   text        not null,
    at        timestamptz not null,
    primary key (seeker_id, service)
);
