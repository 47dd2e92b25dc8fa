-- What a person may always do: pause, be left alone, be found to be one person, be referred to a desk.

-- Silence and the digest -----------------------------------------------------------------------------

alter table seekers
    -- The second "still looking?". Like the first it counts only when it came after her last sign of life.
    add column asked_again_at       timestamptz,
    -- When she was told on which day her data are erased: 28 days later.
    add column keep_told_at         timestamptz,
    -- When a pause ended by itself; silence counts from then on.
    add column resumed_at           timestamptz,
    -- When the clock looks at her again. Too early is harmless: it looks, and sets the next moment.
    add column silence_look_at      timestamptz not null default now() + interval '55 days',
    -- The ISO week of the last digest, as year * 100 + week: never two in one week.
    add column digest_week          integer,
    -- Somebody is asking for her digest until then; who dies in between leaves a claim that runs out.
    add column digest_claimed_until timestamptz;
create index seekers_silence on seekers (silence_look_at) where merged_into is null;
create index seekers_pause_ends on seekers (paused_until) where paused_until is not null;
create index seekers_digest on seekers (digest_week nulls first, seeker_id)
    where digest is not null and paused_at is null and merged_into is null;

-- Two records, one person? -----------------------------------------------------------------------------

create table duplicates (
    duplicate_id uuid        primary key,
    -- Who was here first; she stays.
    keep_id      uuid        not null references seekers on delete cascade,
    other_id     uuid        not null references seekers on delete cascade,
    -- The helper whose registration made us think so.
    caused_by    uuid,
    state        text        not null check (state in ('open', 'merged', 'different')),
    suggested_at timestamptz not null,
    decided_at   timestamptz,
    -- Encrypted under the key of `keep`: what merging changed, as it was before.
    before       bytea,
    unique (keep_id, other_id),
    check (keep_id <> other_id),
    check ((state = 'open') = (decided_at is null)),
    check ((state = 'merged') = (before is not null))
);
create index duplicates_other on duplicates (other_id);
create index duplicates_caused_by on duplicates (caused_by) where caused_by is not null;
create index duplicates_merged on duplicates (decided_at) where state = 'merged';

-- Desks and referrals ----------------------------------------------------------------------------------

-- Starts with the table of `reference`; what people maintain here is never overwritten by it.
create table desks (
    desk_id    uuid        primary key,
    kind       text        not null check (kind in ('wsp', 'rmt', 'lwl')),
    region     text        not null,
    name       text        not null,
    town       text        not null,
    phone      text        not null,
    email      text        not null,
    website    text        not null,
    checked_at timestamptz,
    unique (region, kind)
);

create table referrals (
    referral_id uuid        primary key,
    seeker_id   uuid        not null references seekers on delete cascade,
    desk_id     uuid        not null references desks,
    kind        text        not null,
    state       text        not null check (state in ('open', 'not_reached', 'spoken', 'closed', 'withdrawn')),
    question    bytea       not null,  -- encrypted under her key
    since       timestamptz not null,
    answer_by   timestamptz not null,
    tries       smallint    not null default 0,
    changed_at  timestamptz not null
);
-- One that waits per kind of desk, also when two requests come at one moment.
create unique index referrals_one_waiting on referrals (seeker_id, kind) where state in ('open', 'not_reached');
create index referrals_seeker on referrals (seeker_id, since desc);
create index referrals_desk on referrals (desk_id, state);

-- Her yes to a referral, and the no that takes it back; with text version and how, like every consent.
create table referral_consents (
    consent_id   bigint      generated always as identity primary key,
    referral_id  uuid        not null references referrals on delete cascade,
    given        boolean     not null,
    text_version text,
    channel      text        not null check (channel in ('herself', 'code', 'read_aloud', 'paper')),
    evidence     bytea,      -- encrypted under her key: which code, where the record or the paper is
    with_help_of text,
    at           timestamptz not null,
    check (not given or text_version is not null),
    check ((channel = 'herself') = (evidence is null))
);
create index referral_consents_referral on referral_consents (referral_id);
create trigger referral_consents_append_only before update on referral_consents
    for each statement execute function consents_are_not_rewritten();
