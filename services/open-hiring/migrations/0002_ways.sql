-- How somebody can be reached, as intake last told it: for tickets that she has, and for those that she takes.
create table ways_told (
    seeker_id uuid     primary key,
    version   bigint   not null,
    ways      smallint not null  -- bits as in tickets
);
