-- Staff accounts, their invitations, and sessions of everyone. Job-seekers have no account here:
-- their sessions carry the id that intake gave (DESIGN section 4).

create table accounts (
    account_id    uuid        primary key,
    email_index   bytea       not null unique,  -- blind index: found by address without keeping it readable
    data_key      bytea       not null,         -- this account's key, wrapped
    personal      bytea       not null,         -- name and address, encrypted
    password_hash text        not null,         -- argon2id
    totp_secret   bytea       not null,         -- encrypted
    totp_step     bigint      not null default 0, -- the last time step whose code was used: a code works once
    roles         text[]      not null check (cardinality(roles) > 0),
    employer_id   uuid,
    regions       text[]      not null,
    created_at    timestamptz not null,
    ended_at      timestamptz
);

create table invitations (
    invitation_id uuid        primary key,
    email_index   bytea       not null,
    data_key      bytea       not null,
    personal      bytea       not null,
    roles         text[]      not null check (cardinality(roles) > 0),
    employer_id   uuid,
    regions       text[]      not null,
    code_hash     bytea       not null,
    code          bytea,                        -- encrypted, until the message is on its way
    tries         smallint    not null default 0,
    invited_at    timestamptz not null,
    expires_at    timestamptz not null,
    accepted_at   timestamptz
);
create unique index invitations_open on invitations (email_index) where accepted_at is null;
create index invitations_to_send on invitations (invited_at) where code is not null;

-- Opaque tokens, hashed (RELIABILITY rule 35). A session is of a seeker, of staff, of staff half-way
-- (password given, code not yet), or of someone accepting an invitation.
create table sessions (
    token_hash    bytea       primary key,
    kind          text        not null check (kind in ('seeker', 'staff', 'half_way', 'invited')),
    seeker_id     uuid,
    account_id    uuid        references accounts on delete cascade,
    invitation_id uuid        references invitations on delete cascade,
    totp_secret   bytea,      -- of an invitation being accepted: sealed by the portal to itself
    started_at    timestamptz not null,
    seen_at       timestamptz not null,
    check (num_nonnulls(seeker_id, account_id, invitation_id) = 1)
);
create index sessions_account on sessions (account_id);
create index sessions_seen on sessions (seen_at);

-- Wrong passwords and codes, per account and network, so that nobody is locked out by others' tries.
create table sign_in_failures (
    email_index bytea       not null,
    network     bytea       not null,  -- keyed hash of the address prefix
    at          timestamptz not null
);
create index sign_in_failures_recent on sign_in_failures (email_index, network, at);
