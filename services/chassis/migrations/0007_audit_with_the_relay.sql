-- The replica that relays audits too: its session lock goes when it dies, a lease would have to run out first.
alter table audits drop column holder, drop column held_until;
