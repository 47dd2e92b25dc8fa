-- What is left of an aggregate that was erased (DESIGN rule 4): its id, which is nobody's any more, and the
-- moment. Whoever brings data back (a late event, a replay, an import, a restore) asks here first.
-- Written by `Tx::forget`, in the transaction that deletes.
create table erased_aggregates (
    aggregate_id uuid        primary key,
    at           timestamptz not null
);
create index erased_aggregates_at on erased_aggregates (at);
