-- What the matcher heard, what it showed, and who looked. Everything the index needs can be read
-- from here; nothing here says who a person is.

-- The anonymous profile as last published.
create table profiles (
    seeker_id    uuid     primary key,
    version      bigint   not null,
    open_file_id uuid     not null,
    x            smallint not null,  -- the square of about one kilometre, never a postcode
    y            smallint not null,
    municipality text     not null,
    region       text     not null,
    tasks        text[]   not null,  -- codes of the vocabulary: its numbers hold for one process only
    any_task     boolean  not null,
    dayparts     smallint not null,  -- bits; 0 means not told
    hours_min    smallint,           -- null means not told
    hours_max    smallint,
    means        text,               -- null means not told
    max_km       smallint,
    open_file    boolean  not null,
    adviser      boolean  not null,
    constraint hours_both_or_neither check ((hours_min is null) = (hours_max is null)),
    constraint travel_both_or_neither check ((means is null) = (max_km is null))
);

-- Openings that are open, as last published.
create table openings (
    opening_id   uuid     primary key,
    version      bigint   not null,
    employer_id  uuid     not null,
    route        text     not null,
    tasks        text[]   not null,
    x            smallint not null,
    y            smallint not null,
    municipality text     not null,
    region       text     not null,
    hours_min    smallint not null,
    hours_max    smallint not null,
    dayparts     smallint not null,
    places       integer  not null,
    legal        text[]   not null,  -- requirements by firmness
    needed       text[]   not null,
    learned      text[]   not null
);

-- Openings that were closed, with the version that closed them: an older publication that arrives
-- late does not bring them back. A newer one does, and then the row here goes: an opening is in one
-- of the two tables, whichever has the greatest version, in whatever order the events came.
create table closed_openings (
    opening_id uuid   primary key,
    version    bigint not null
);

-- Each effective change, in the order of commits: who appends holds an advisory lock until the end
-- of the transaction, so a reader that saw number n will never see a smaller one appear. Indexes
-- follow this log; it is trimmed, and who fell behind the trimmed part loads everything.
create table changes (
    change bigint      generated always as identity primary key,
    kind   text        not null,
    id     uuid        not null,
    at     timestamptz not null,
    constraint kind_known check (kind in ('profile', 'opening'))
);
create index changes_at on changes (at);

-- Proposals that were shown to the person, as first shown, with all they were made of.
create table proposals (
    proposal_id     uuid        primary key,
    seeker_id       uuid        not null,
    opening_id      uuid        not null,
    profile_version bigint      not null,
    opening_version bigint      not null,
    rules           text        not null,
    vocabulary      text        not null,
    change          bigint      not null,
    weight          smallint    not null,
    km              double precision not null,
    reasons         jsonb       not null,
    shown_at        timestamptz not null,
    constraint proposals_once_per_pair unique (seeker_id, opening_id)
);

-- Who looked at whom or what, append-only (STANDARDS section 8): one row per person concerned, so
-- that she can be told, and so that her rows can go when she does. With the change number and the
-- rules the same look can be replayed.
create table looks (
    look       bigint      generated always as identity primary key,
    at         timestamptz not null,
    actor_kind text        not null,
    actor_id   uuid,
    verb       text        not null,
    seeker_id  uuid,       -- null when nobody was shown
    opening_id uuid,
    rules      text        not null,
    change     bigint      not null
);
create index looks_seeker on looks (seeker_id);
create index looks_at on looks (at);
