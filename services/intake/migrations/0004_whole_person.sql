-- The whole person: needs and background, people who get letters only, people registered with help,
-- how each yes was given, who looked at her contact data.

-- People ---------------------------------------------------------------------------------------------

-- Someone who gets letters only, or who shares the telephone of somebody who was here first, has no
-- contact of her own to be found by.
alter table seekers alter column contact_index drop not null;

alter table seekers
    -- The contact of somebody else that she shares: messages reach her there, codes do not.
    add column contact_hint_index  bytea check (octet_length(contact_hint_index) = 32),
    -- Keyed hash of her first name in one spelling, to suggest that two records are one person.
    add column name_index          bytea check (octet_length(name_index) = 32),
    add column needs               bytea,  -- encrypted; what she needs reveals health
    add column background          bytea,  -- encrypted; kept only with consent for figures
    add column letter              bytea,  -- encrypted: postal address, until she takes over
    add column paused_at           timestamptz,
    add column paused_until        date,
    add column paused_by_silence   boolean not null default false,
    add column last_heard_at       timestamptz,
    add column asked_still_looking_at timestamptz,
    add column digest              text check (digest in ('email', 'sms')),
    add column digest_sent_at      timestamptz,
    -- Someone who was registered with help and has not signed in herself yet has none.
    add column took_over_at        timestamptz,
    -- Another record of the same person, which stays. No cascade: whoever erases that one erases this
    -- one too, and says so on the bus.
    add column merged_into         uuid references seekers (seeker_id),
    add constraint seekers_pause check (paused_at is not null or (paused_until is null and not paused_by_silence)),
    add constraint seekers_one_contact check (contact_index is null or contact_hint_index is null);
update seekers set last_heard_at = changed_at, took_over_at = created_at;
alter table seekers alter column last_heard_at set not null;
create index seekers_contact_hint on seekers (contact_hint_index) where contact_hint_index is not null;
create index seekers_merged_into on seekers (merged_into) where merged_into is not null;

-- Entry point and benefit are told together, so the hour is of both; it also passes when there is
-- nothing left to tell.
alter table seekers rename column entry_point_due_at to background_due_at;
alter index seekers_entry_point_due rename to seekers_background_due;
alter table seekers drop constraint seekers_check;

-- Background facts that were told and taken back. Told on the hour, under the old id, and without a
-- reference to her: she goes on under another id, and nothing joins the two.
create table background_erasures (
    background_id uuid        primary key,
    version       bigint      not null,
    due_at        timestamptz not null
);
create index background_erasures_due on background_erasures (due_at);

-- Consent --------------------------------------------------------------------------------------------

-- How it was given: by herself, by a code that she read out, after the texts were read aloud, on paper.
alter table consents drop constraint consents_channel_check;
-- The rows say the same in another word; nothing that anyone said is rewritten.
alter table consents disable trigger consents_append_only;
update consents set channel = 'herself' where channel = 'self';
alter table consents enable trigger consents_append_only;
alter table consents
    add constraint consents_channel_check check (channel in ('herself', 'code', 'read_aloud', 'paper')),
    add column evidence     bytea,  -- encrypted: which code, where the record or the paper is
    add column with_help_of text,   -- the organisation that helped, if one did
    add constraint consents_evidence check ((channel = 'herself') = (evidence is null));

-- Registered with help -------------------------------------------------------------------------------

create table helpers (
    seeker_id  uuid        not null references seekers on delete cascade,
    account_id uuid        not null,
    helper     bytea       not null,  -- encrypted under her key: name and organisation, as she reads them
    since      timestamptz not null,
    until      timestamptz not null,  -- 14 days, unless she extends it
    ended_at   timestamptz,
    primary key (seeker_id, account_id)
);
create index helpers_account on helpers (account_id, since desc);

-- The code of a letter or message: "this was not me", and taking over. Kept as a keyed hash.
create table letter_codes (
    code_hash  bytea       primary key check (octet_length(code_hash) = 32),
    seeker_id  uuid        not null references seekers on delete cascade,
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index letter_codes_seeker on letter_codes (seeker_id);
create index letter_codes_expires on letter_codes (expires_at);

-- Codes of letters that nobody has, by whom: a person, or all visitors together.
create table letter_code_misses (
    miss_id bigint      generated always as identity primary key,
    by      uuid        not null,
    at      timestamptz not null
);
create index letter_code_misses_by on letter_code_misses (by, at);
create index letter_code_misses_at on letter_code_misses (at);

-- Codes ----------------------------------------------------------------------------------------------

-- What a code is for. A code that a helper asked for can never sign anyone in.
alter table challenges
    add column purpose    text not null default 'sign_in'
                          check (purpose in ('sign_in', 'helped', 'contact', 'take_over')),
    -- Whose contact it will be, and the contact itself, encrypted under her key.
    add column seeker_id  uuid references seekers on delete cascade,
    add column contact    bytea,
    -- The helper who asked.
    add column account_id uuid,
    add constraint challenges_purpose check (
        case purpose
            when 'sign_in' then seeker_id is null and contact is null and account_id is null
            when 'helped' then seeker_id is null and contact is null and account_id is not null
            else seeker_id is not null and contact is not null and account_id is null
        end);
create index challenges_seeker on challenges (seeker_id) where seeker_id is not null;

-- Messages of every kind go this way now, so they no longer go together with a request for a code:
-- those about a person go with her by `recipient`, the others 48 hours after they ended.
alter table dispatches drop constraint dispatches_challenge_id_fkey;
create index dispatches_recipient on dispatches (recipient);
create index dispatches_ended on dispatches (ended_at) where ended_at is not null;

-- Contact data ---------------------------------------------------------------------------------------

-- One employer may see her contact for one job.
create table contact_shares (
    proposal_id uuid        primary key,
    seeker_id   uuid        not null references seekers on delete cascade,
    employer_id uuid        not null,
    until       timestamptz not null,
    ended_at    timestamptz
);
create index contact_shares_seeker on contact_shares (seeker_id);

-- Every look at her contact data, written before the answer leaves; she can read it.
create table contact_looks (
    look_id      bigint      generated always as identity primary key,
    seeker_id    uuid        not null references seekers on delete cascade,
    at           timestamptz not null,
    account_id   uuid        not null,
    role         text        not null,
    organisation text        not null,
    purpose      text        not null check (purpose in ('talk_about_work', 'appointment', 'correction'))
);
create index contact_looks_seeker on contact_looks (seeker_id, look_id desc);
