-- The message of an invitation is sealed to the notifier once, together with the invitation, and goes
-- out by `chassis::dispatches`: its repeat is the same request, and the portal cannot read the code
-- again. `cause` and `recipient` are the invitation.

create table dispatches (
    key        uuid        primary key,
    cause      uuid        not null references invitations on delete cascade,
    recipient  uuid        not null,
    notice     text,       -- blanked when the notifier has it, or when it is too late
    expires_at timestamptz not null,
    attempts   integer     not null default 0,
    due_at     timestamptz not null,
    outcome    text        check (outcome in ('silent', 'accepted', 'expired', 'refused')),
    ended_at   timestamptz,
    check ((notice is null) = (outcome is not null))
);
create index dispatches_cause on dispatches (cause);
create index dispatches_due on dispatches (due_at) where notice is not null;

-- Nobody can send these any more; invited again, their people get a new code.
delete from invitations where code is not null and accepted_at is null;
alter table invitations drop column code;
