"""A management command in a folder where nothing was started yet."""

import os
import subprocess
import sys


def test_the_first_command_of_a_new_home_finds_its_tables(folder):
    env = {**os.environ, "NOVA_HOME": str(folder / "home")}
    for name in ("DATABASE_URL", "REDIS_URL"):
        env.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "nova.runtime.command", "showmigrations", "tenancy"],
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "[X] 0001_initial" in done.stdout
    assert "[ ]" not in done.stdout
