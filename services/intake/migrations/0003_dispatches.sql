-- Messages on their way in the form that `chassis::dispatches` hands over for every service: the key
-- of the request stands beside the notice instead of being made from the request for a code.

alter table dispatches rename column challenge_id to cause;
alter table dispatches
    add column key       uuid not null default gen_random_uuid(),
    add column recipient uuid;
update dispatches set recipient = cause;
alter table dispatches
    drop constraint dispatches_pkey,
    alter column key drop default,
    alter column recipient set not null,
    add primary key (key);
create index dispatches_cause on dispatches (cause);
