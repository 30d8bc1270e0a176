import psycopg
import pytest

from nova.runtime import upkeep
from nova.runtime.postgres import OWNER, open_cluster
from nova.runtime.upkeep import is_collected, is_migrated, mark_collected, mark_migrated


@pytest.fixture
def project(folder, monkeypatch):
    """A project with one migration, one static file and one lock."""
    (folder / "static").mkdir()
    (folder / "nova" / "desk" / "migrations").mkdir(parents=True)
    (folder / "nova" / "desk" / "migrations" / "0001_initial.py").touch()
    (folder / "requirements.lock").touch()
    monkeypatch.setattr(upkeep, "PROJECT", folder)
    return folder


def test_static_files_are_collected_again_only_after_a_change(home, project):
    assert not is_collected(home)
    mark_collected(home)
    assert is_collected(home)
    (project / "static" / "new.css").touch()

    assert not is_collected(home)


async def test_a_database_is_migrated_when_it_says_so_of_every_migration(
    home, supervisor, project
):
    cluster = open_cluster(home, for_tests=True)
    url = cluster.url(OWNER, "postgres")
    mark_migrated(home)
    assert not is_migrated(home, url)  # it does not run
    await supervisor.start(cluster.part())
    assert not is_migrated(home, url)  # it knows of no migration
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE django_migrations (app text, name text)")
        database.execute("INSERT INTO django_migrations VALUES ('desk', '0001_initial')")
    assert is_migrated(home, url)
    (project / "nova" / "desk" / "migrations" / "0002_more.py").touch()
    assert not is_migrated(home, url)
    await supervisor.stop()


def test_new_packages_may_bring_new_migrations(home, project):
    mark_migrated(home)
    (project / "requirements.lock").write_text("django==6")

    assert not is_migrated(home, "postgresql://nobody@127.0.0.1:1/none")
