import importlib.util
import sys

import pytest

from nova.runtime.home import PROJECT


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """The module that `bin/` starts with, set on an empty project; nothing is truly installed."""
    spec = importlib.util.spec_from_file_location("_bootstrap", PROJECT / "bin" / "_bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    python = tmp_path / ".venv" / "bin" / "python"
    calls = []

    def works(command, env=None):
        calls.append([str(word) for word in command])
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return True

    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", python)
    monkeypatch.setattr(module, "works", works)
    module.calls = calls
    return module


@pytest.fixture
def lock(tmp_path):
    file = tmp_path / "requirements.lock"
    file.write_text("django==5.2 --hash=sha256:0")
    return file


def installs(bootstrap):
    return [call for call in bootstrap.calls if "--require-hashes" in call]


def test_the_first_command_installs_the_lock_with_its_hashes(bootstrap, lock):
    bootstrap.prepare(lock)

    assert [call[-1] for call in installs(bootstrap)] == [str(lock)]


def test_the_next_one_finds_its_stamp_and_does_nothing(bootstrap, lock):
    bootstrap.prepare(lock)
    bootstrap.calls.clear()
    bootstrap.prepare(lock)

    assert bootstrap.calls == []


def test_a_changed_lock_is_installed_into_the_same_environment(bootstrap, lock):
    bootstrap.prepare(lock)
    bootstrap.calls.clear()
    lock.write_text("django==5.3 --hash=sha256:1")
    bootstrap.prepare(lock)

    assert len(installs(bootstrap)) == 1
    assert not any("venv" in call for call in bootstrap.calls)


def test_an_environment_whose_python_has_gone_is_made_anew(bootstrap, lock):
    bootstrap.prepare(lock)
    bootstrap.PYTHON.unlink()
    bootstrap.prepare(lock)

    assert sum("--clear" in call for call in bootstrap.calls) == 2


def test_pip_installs_where_uv_cannot(bootstrap, lock, monkeypatch):
    monkeypatch.setattr(
        bootstrap,
        "works",
        lambda command, env=None: bootstrap.calls.append(command) or command[-1] != "uv",
    )
    bootstrap.install(lock)

    assert installs(bootstrap)[0][1:3] == ["-m", "pip"]


def test_a_machine_without_venv_is_told_what_to_install(bootstrap, lock, monkeypatch):
    monkeypatch.setattr(bootstrap, "works", lambda command, env=None: False)

    with pytest.raises(bootstrap.Missing, match="apt install python3-venv"):
        bootstrap.prepare(lock)


def test_an_old_python_is_told_so(bootstrap, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")

    with pytest.raises(bootstrap.Missing, match=r"Python 3\.11 or newer"):
        bootstrap.suitable_python()
