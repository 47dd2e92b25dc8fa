-- The tables every service has in its own schema: outbox, inbox, answers, dead letters.
-- Run with search_path set to the service's schema; the service's role may read and write them,
-- and may neither make nor drop tables.

create sequence outbox_seq;

-- Events of this service (DESIGN rule 1). `seq` is taken while the aggregate's lock is held, so that
-- it is commit order within an aggregate; the relay reads unpublished rows, never "after number n".
-- Partitioned by the UUIDv7 event id, so the key must contain it and old weeks can be dropped whole.
create table outbox (
    event_id     uuid        not null primary key,
    seq          bigint      not null default nextval('outbox_seq'),
    aggregate_id uuid        not null,
    version      bigint      not null,
    type         text        not null,
    subject      text        not null,  -- below the root: evt.intake.profile_published.v1.<id>
    body         text        not null,  -- the whole CloudEvent as JSON
    occurred_at  timestamptz not null,
    published_at timestamptz,           -- null until JetStream acknowledged it
    stream_seq   bigint
) partition by range (event_id);
create index outbox_unpublished on outbox (seq) where published_at is null;
create index outbox_aggregate on outbox (aggregate_id);

-- Events of others that took effect here (DESIGN rule 5), written in the effect's transaction.
create table inbox (
    event_id     uuid        not null,
    consumer     text        not null,
    processed_at timestamptz not null,
    primary key (event_id, consumer)
) partition by range (event_id);

-- Attempts that ran and failed; gone as soon as the event takes effect.
create table failed_attempts (
    event_id   uuid        not null,
    consumer   text        not null,
    attempts   integer     not null,
    last_error text        not null,
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    primary key (event_id, consumer)
);

-- Events that were given up after six attempts, for a person to look at.
create table dead_letters (
    event_id    uuid        not null,
    consumer    text        not null,
    subject     text        not null,
    body        text        not null,
    reason      text        not null,
    attempts    integer     not null,
    died_at     timestamptz not null,
    resolved_at timestamptz,
    resolution  text,
    primary key (event_id, consumer)
);

-- First answers to commands, kept 7 days (RELIABILITY rule 22). `answer` is null only inside the
-- transaction that runs the command, so a repeat waits for the first and then reads its answer.
create table answers (
    key        uuid        not null,
    verb       text        not null,
    body_hash  bytea       not null,
    answer     text,
    at         timestamptz not null,
    primary key (key, verb)
);
create index answers_at on answers (at);

-- The smallest UUIDv7 of a moment: 48 bits of milliseconds, then the version.
create function uuidv7_floor(moment timestamptz) returns uuid
language sql immutable as $$
    select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- What has an id outside every week (a test's moved clock, a very old replay) is not refused.
create table outbox_default partition of outbox default;
create table inbox_default partition of inbox default;

-- Makes the weekly partitions of outbox and inbox around `moment` and drops those that are older
-- than any replay needs (outbox 37 days, inbox 45; DESIGN rule 2). It runs with its owner's rights,
-- because the service's role may not make tables.
create function keep_partitions(moment timestamptz) returns void
language plpgsql security definer as $$
declare
    monday   timestamptz;
    low      uuid;
    high     uuid;
    part     text;
    old      record;
begin
    for week in -7..4 loop
        monday := date_trunc('week', moment at time zone 'UTC') at time zone 'UTC' + week * interval '7 days';
        low  := uuidv7_floor(monday);
        high := uuidv7_floor(monday + interval '7 days');
        foreach part in array array['outbox', 'inbox'] loop
            execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
                part || '_' || to_char(monday at time zone 'UTC', 'YYYYMMDD'), part, low, high);
        end loop;
    end loop;
    for old in
        select c.relname, p.relname as parent
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        join pg_class p on p.oid = i.inhparent
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and p.relname in ('outbox', 'inbox') and c.relname ~ '_[0-9]{8}$'
          and to_date(right(c.relname, 8), 'YYYYMMDD')
              < (moment - case p.relname when 'outbox' then interval '44 days' else interval '52 days' end)::date
    loop
        execute format('drop table %I', old.relname);
    end loop;
end
$$;
