import os
import signal
from contextlib import asynccontextmanager

import psycopg
import pytest

from nova.runtime.leftovers import retire_postmaster
from nova.runtime.postgres import APP, OWNER, TEST, open_cluster
from nova.runtime.servers import start_servers
from tests.runtime.conftest import until

FENCED = """
CREATE TABLE desk (tenant int NOT NULL);
ALTER TABLE desk ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk FORCE ROW LEVEL SECURITY;
CREATE POLICY fence ON desk USING (tenant = current_setting('nova.tenant', true)::int);
INSERT INTO desk VALUES (1), (1), (2);
"""


@asynccontextmanager
async def running(cluster, supervisor):
    await supervisor.start(cluster.part())
    try:
        yield cluster
    finally:
        await supervisor.stop()


def connect(cluster, role, database="nova"):
    return psycopg.connect(cluster.url(role, database), autocommit=True)


def postmaster_of(cluster):
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


async def test_the_product_uses_tables_of_the_owner_and_stays_behind_the_fence(home, supervisor):
    async with running(open_cluster(home), supervisor) as cluster:
        cluster.prepare()
        with connect(cluster, OWNER) as owner:
            owner.execute(FENCED)
        with connect(cluster, APP) as app:
            assert app.execute("SELECT count(*) FROM desk").fetchone() == (0,)
            app.execute("SET nova.tenant = '1'")
            assert app.execute("SELECT count(*) FROM desk").fetchone() == (2,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                app.execute("INSERT INTO desk VALUES (2)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="must be owner"):
                app.execute("ALTER TABLE desk NO FORCE ROW LEVEL SECURITY")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(f"SET ROLE {OWNER}")


async def test_preparing_twice_changes_nothing(home, supervisor):
    async with running(open_cluster(home), supervisor) as cluster:
        cluster.prepare()
        cluster.prepare()
        with connect(cluster, APP) as app:
            assert app.execute("SELECT current_user").fetchone() == (APP,)


async def test_the_role_of_tests_makes_databases_and_is_fenced(home, supervisor):
    async with running(open_cluster(home, for_tests=True), supervisor) as cluster:
        cluster.prepare_for_tests()
        with connect(cluster, TEST, "postgres") as server:
            server.execute("CREATE DATABASE own")
        with connect(cluster, TEST, "own") as database:
            database.execute("CREATE EXTENSION pg_trgm")
            database.execute(FENCED.rpartition("INSERT")[0])
            assert database.execute("SELECT count(*) FROM desk").fetchone() == (0,)


async def test_what_was_committed_survives_kill_9(home, supervisor):
    async with running(open_cluster(home), supervisor) as cluster:
        cluster.prepare()
        with connect(cluster, OWNER) as owner:
            owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        killed = postmaster_of(cluster)
        os.kill(killed, signal.SIGKILL)
        await until(lambda: postmaster_of(cluster) != killed and cluster.answers())
        with connect(cluster, OWNER) as owner:
            assert owner.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


async def test_a_start_that_was_killed_half_way_leaves_nothing_behind(home, supervisor):
    half = home.path / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    async with running(open_cluster(home), supervisor) as cluster:
        assert cluster.answers()
    assert not half.exists()


async def test_given_servers_replace_the_embedded_ones(home, supervisor, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nova@db/nova")
    monkeypatch.setenv("NOVA_OWNER_DATABASE_URL", "postgresql://owner@db/nova")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    servers = await start_servers(supervisor, home)

    assert servers.environment(home)["DATABASE_URL"] == "postgresql://nova@db/nova"
    assert servers.owner_url == "postgresql://owner@db/nova"
    assert not (home.path / "postgres").exists()


def test_the_number_of_a_dead_server_may_belong_to_another_program_now(folder):
    stale = folder / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n")
    retire_postmaster(folder / "somewhere-else")
    assert stale.exists()
    retire_postmaster(folder)

    assert not stale.exists()
