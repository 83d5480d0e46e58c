package dev.saccade.quickstart.faults;

import org.springframework.jdbc.core.JdbcTemplate;

/** A wrong clock for one user of a database: {@code now()} and {@code clock_timestamp()} are read from a table's offset. */
final class JumpingClock implements AutoCloseable {

    private final JdbcTemplate owner;
    private final String user;

    private JumpingClock(JdbcTemplate owner, String user) {
        this.owner = owner;
        this.user = user;
    }

    static JumpingClock install(JdbcTemplate owner, String user) {
        owner.execute("create schema if not exists jumping");
        owner.execute("create table if not exists jumping.ahead (by interval not null)");
        owner.execute("delete from jumping.ahead");
        owner.execute("insert into jumping.ahead values ('0')");
        for (String clock : new String[] {"now", "clock_timestamp"}) {
            owner.execute(
                    "create or replace function jumping." + clock + "() returns timestamptz language sql stable as"
                            + " 'select pg_catalog." + clock + "() + by from jumping.ahead'");
        }
        owner.execute("grant usage on schema jumping to public");
        owner.execute("grant select on jumping.ahead to public");
        owner.execute("alter role " + user + " set search_path = jumping, public, pg_catalog");
        JumpingClock clock = new JumpingClock(owner, user);
        clock.reconnect();
        return clock;
    }

    /** From where it is now. */
    void jump(String interval) {
        owner.update("update jumping.ahead set by = by + cast(? as interval)", interval);
    }

    /** To the right time. */
    void jumpBack() {
        owner.update("update jumping.ahead set by = '0'");
    }

    private void reconnect() {
        owner.queryForList("select pg_terminate_backend(pid) from pg_stat_activity where usename = ?", user);
    }

    @Override
    public void close() {
        owner.execute("alter role " + user + " reset search_path");
        reconnect();
    }
}
