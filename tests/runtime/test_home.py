import os

import pytest

from nova.runtime import home as homes
from nova.runtime.errors import CannotRun
from nova.runtime.home import open_home, write_private


def test_a_second_nova_on_one_home_is_refused_with_what_holds_it(home):
    write_private(home.running, '{"pid": 42, "url": "http://127.0.0.1:8000"}')
    with home.lock(), pytest.raises(CannotRun, match=r"process 42, http://127\.0\.0\.1:8000"):
        home.lock()


def test_a_home_can_be_held_again_once_it_was_let_go(home):
    home.lock().close()
    home.lock().close()


def test_a_home_that_nothing_holds_has_no_running_facts(home):
    write_private(home.running, "{}")  # left by a killed run

    assert home.running_facts() is None


def test_a_command_finds_the_facts_of_a_running_nova(home):
    write_private(home.running, '{"pid": 42, "url": "http://127.0.0.1:8000"}')
    with home.lock():
        assert home.running_facts() == {"pid": 42, "url": "http://127.0.0.1:8000"}


def test_a_secret_is_made_once_and_for_its_owner_only(home):
    word = home.secret("key")

    assert home.secret("key") == word
    assert len(word) >= 50
    assert (home.path / "secrets" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_a_home_that_the_database_cannot_reach_is_kept_elsewhere(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(homes, "SHELTER", folder)
    tmp_path.chmod(0o700)

    assert open_home(tmp_path / "home").path.parent == folder
    assert open_home(tmp_path / "home").path == open_home(tmp_path / "home").path


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_a_cluster_keeps_the_account_that_owns_it(folder):
    (folder / "postgres").mkdir()
    os.chown(folder / "postgres", 1, 1)

    assert open_home(folder).account.uid == 1


def test_a_home_that_cannot_be_made_is_refused(folder):
    (folder / "file").touch()
    with pytest.raises(CannotRun, match="cannot use"):
        open_home(folder / "file" / "home")
