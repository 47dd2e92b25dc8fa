-- The send ledger, and the messages in it for as long as they are needed.
--
-- What can be read here without a key: that something caused a message of some kind by some channel,
-- and what became of it. Address and text stand encrypted under a key per message, and are blanked
-- with that key when the message ends; only the local mailbox of the development profile keeps them.

create table messages (
    message_id  uuid        primary key,
    cause       uuid        not null,
    recipient   uuid        not null,
    template    text        not null,
    channel     text        not null check (channel in ('sms', 'email')),
    state       text        not null check (state in ('waiting', 'handing', 'sent', 'expired', 'failed')),
    data_key    bytea,                 -- wrapped
    notice      bytea,                 -- encrypted: address and content, until the message ends
    body        bytea,                 -- encrypted: what the local mailbox shows
    attempts    integer     not null default 0,
    due_at      timestamptz not null,  -- when to hand it over (again); a claim moves it ahead
    expires_at  timestamptz not null,
    accepted_at timestamptz not null,
    ended_at    timestamptz,
    -- Sent once, however often asked.
    unique (cause, recipient, template),
    check ((state in ('waiting', 'handing')) = (notice is not null)),
    check ((state in ('waiting', 'handing')) = (ended_at is null)),
    check ((data_key is not null) = (notice is not null or body is not null))
);
create index messages_due on messages (due_at) where notice is not null;
create index messages_in_mailbox on messages (ended_at desc) where body is not null;
