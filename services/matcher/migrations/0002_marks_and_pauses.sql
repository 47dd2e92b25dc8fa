-- What people say to proposals and employers answer; who pauses; what the open file shows; and in which role
-- somebody looked. Who is erased stands in `erased_aggregates`, as in every service.

alter table profiles
    add column paused         boolean not null default false,
    add column available_from date,                             -- null means now
    add column languages      jsonb   not null default '[]',    -- language and level, as published
    add column licences       text[]  not null default '{}',
    add column shown_support  text[]  not null default '{}';

-- `heard_at` is when an opening first became public here: a pause or a change does not make it new.
alter table openings
    add column starts_on date,
    add column support   text[]      not null default '{}',
    add column heard_at  timestamptz not null default now();
alter table openings alter column heard_at drop default;

-- An opening that pauses is not public either: it stands here as a closed one does, until a newer
-- publication takes it back.
alter table closed_openings add column heard_at timestamptz;  -- null when it never was public here

-- Raised at each mark and each answer; events carry it.
alter table proposals add column version bigint not null default 1;

-- What she says to a proposal now, and what the employer answers to that. Whose opening it is and where
-- are kept as they were when she said yes: an opening that closes leaves its yeses to be answered.
create table marks (
    proposal_id uuid        primary key references proposals on delete cascade,
    seeker_id   uuid        not null,
    opening_id  uuid        not null,
    employer_id uuid,
    region      text,
    mark        text        not null,
    reason      text,
    at          timestamptz not null,
    answer_by   timestamptz,
    answer      text,
    answered_at timestamptz,
    constraint mark_known check (mark in ('wanted', 'not_for_me', 'taken_back')),
    constraint wanted_has_who_answers_and_when check
        (mark <> 'wanted' or (employer_id is not null and region is not null and answer_by is not null)),
    constraint only_wanted_is_answered check (mark = 'wanted' or (answer is null and answer_by is null)),
    constraint reason_only_of_not_for_me check (mark = 'not_for_me' or reason is null),
    constraint answer_has_its_moment check ((answer is null) = (answered_at is null))
);
create index marks_seeker on marks (seeker_id);
create index marks_opening on marks (opening_id) where mark <> 'taken_back';
create index marks_employer on marks (employer_id) where mark = 'wanted';
create index marks_region on marks (region) where mark = 'wanted';

alter table looks
    add column role        text,  -- in which role an account looked; null when nobody with an account did
    add column employer_id uuid;  -- for which employer, in that role
create index looks_of_accounts on looks (seeker_id, look desc) where actor_kind = 'account';

-- A job-seeker looks at herself only: her id stands once, as the one concerned, and goes with her.
update looks set actor_id = null where actor_kind = 'seeker';
