-- Registrations that wait for their code, codes, and the messages that carry them.

-- Encrypted under a key of its own until the code comes back; deleted after 48 hours if it does not.
create table registrations (
    registration_id uuid        primary key,
    contact_index   bytea       not null check (octet_length(contact_index) = 32),
    data_key        bytea       not null,
    body            bytea       not null,
    created_at      timestamptz not null
);
create index registrations_contact on registrations (contact_index, created_at desc);
create index registrations_created on registrations (created_at);

-- One request for a code. A row is made for every request, also when nothing is sent, so that the
-- answers to wrong codes are the same for everyone; then nobody knows what `code_hash` is the hash of.
create table challenges (
    challenge_id    uuid        primary key,
    contact_index   bytea       not null check (octet_length(contact_index) = 32),
    -- Without a foreign key: confirming deletes the registration, and touching the other requests for
    -- it at that moment would make two confirmations wait for each other.
    registration_id uuid,
    code_hash       bytea       not null check (octet_length(code_hash) = 32),
    sends           boolean     not null,  -- counts for "3 an hour"
    tries           smallint    not null default 0 check (tries between 0 and 5),
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    used_at         timestamptz
);
create index challenges_contact on challenges (contact_index, created_at desc) where sends;
create index challenges_created on challenges (created_at);

-- Messages on their way to the notifier. `notice` is sealed to the notifier: not even intake can
-- read it again. It is made once, so that a repeat after a crash is the same request with the same
-- key; it is blanked when the notifier has it, or when it is too late.
create table dispatches (
    challenge_id uuid        primary key references challenges on delete cascade,
    notice       text,
    expires_at   timestamptz not null,
    attempts     integer     not null default 0,
    due_at       timestamptz not null,  -- when to try (again); a claim moves it ahead
    outcome      text        check (outcome in ('silent', 'accepted', 'expired', 'refused')),
    ended_at     timestamptz,
    check ((notice is null) = (outcome is not null))
);
create index dispatches_due on dispatches (due_at) where notice is not null;
