-- What an operator asked to be announced anew (`dichterbij replay`, DESIGN rule 2), and how far that is. Whoever
-- takes a page commits it with the events of that page, so that a crash goes on where it was.
create table replays (
    replay_id uuid        primary key default gen_random_uuid(),
    asked_at  timestamptz not null default now(),
    event     text,                         -- the kind under way; null before the first
    after     uuid,                         -- the last aggregate of it that was announced
    announced bigint      not null default 0,
    forgotten bigint      not null default 0,  -- left out, because erased
    ended_at  timestamptz
);
create index replays_open on replays (asked_at) where ended_at is null;

-- Whether it went as a part of something, as proposals go with their person: a replay announces them apart.
alter table erased_aggregates add column is_part boolean not null default false;
