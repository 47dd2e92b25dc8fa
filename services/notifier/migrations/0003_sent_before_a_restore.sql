-- Messages that the stream knows as sent and that a restored ledger does not know: sent after the backup was made.
-- The event names cause and template and not the receiver, so these two block alone: a cause has one receiver per
-- template. Nothing here leads to anyone.
create table sent_before_restore (
    cause      uuid        not null,
    template   text        not null,
    message_id uuid        not null,
    primary key (cause, template)
);
