import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nova.runtime.errors import CannotRun
from nova.runtime.supervisor import Stopped, pause_after
from tests.runtime.conftest import python_part, until

APPEND_PID = "import os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
LIVE_ON = APPEND_PID + "import time; time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + LIVE_ON
WITH_CHILD = APPEND_PID + (
    "import subprocess; subprocess.run([sys.executable, '-c', sys.argv[2], sys.argv[1]])"
)
SUPERVISED = """
import asyncio, sys
from pathlib import Path
from nova.runtime.console import Console
from nova.runtime.supervisor import Supervisor
from tests.runtime.conftest import python_part
from tests.runtime.test_supervisor import LIVE_ON

async def main():
    home = Path(sys.argv[1])
    await Supervisor(home, Console(home)).start(python_part(LIVE_ON, home / "pids"))
    await asyncio.sleep(60)

asyncio.run(main())
"""


def pids_in(file):
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("lived", "previous", "expected"),
    [
        pytest.param(0.1, 0.0, 0.5, id="the first crash is answered soon"),
        pytest.param(0.1, 0.5, 1.0, id="the next one later"),
        pytest.param(0.1, 16.0, 20.0, id="but never later than this"),
        pytest.param(31.0, 20.0, 0.5, id="and one after a calm time soon again"),
    ],
)
def test_the_pause_before_a_restart_grows_while_a_part_keeps_dying(lived, previous, expected):
    assert pause_after(lived, previous) == expected


async def test_a_part_that_crashes_is_started_again(supervisor, folder):
    await supervisor.start(python_part(LIVE_ON, folder / "pids"))
    await until(lambda: len(pids_in(folder / "pids")) == 1)
    os.kill(pids_in(folder / "pids")[0], signal.SIGKILL)
    await until(lambda: len(pids_in(folder / "pids")) == 2)
    await supervisor.stop()

    assert not any(is_alive(pid) for pid in pids_in(folder / "pids"))


async def test_a_part_that_serves_again_after_a_crash_is_said_to(supervisor, home, folder):
    part = python_part(LIVE_ON, folder / "pids", ready=lambda: pids_in(folder / "pids"))
    await supervisor.start(part)
    os.kill(pids_in(folder / "pids")[0], signal.SIGKILL)
    await until(lambda: "part is ready again after" in (home.logs / "nova.log").read_text())
    await supervisor.stop()


async def test_a_part_that_never_serves_again_is_restarted_and_stopped_all_the_same(
    supervisor, home, folder
):
    serves = iter([True])
    part = python_part(LIVE_ON, folder / "pids", ready=lambda: next(serves, False))
    await supervisor.start(part)
    for count in (1, 2):
        await until(lambda count=count: len(pids_in(folder / "pids")) == count)
        os.kill(pids_in(folder / "pids")[-1], signal.SIGKILL)
    await until(lambda: len(pids_in(folder / "pids")) == 3)
    await supervisor.stop()

    assert "ready again" not in (home.logs / "nova.log").read_text()
    assert not any(is_alive(pid) for pid in pids_in(folder / "pids"))


async def test_a_part_that_is_being_started_when_all_stop_is_not_left_behind(supervisor, folder):
    part = python_part(LIVE_ON, folder / "pids")
    await asyncio.gather(supervisor.start(part), supervisor.stop())

    assert [is_alive(pid) for pid in supervisor.pids.values()] == [False]


async def test_what_a_crashed_part_had_started_is_ended_before_it_starts_again(supervisor, folder):
    await supervisor.start(python_part(WITH_CHILD, folder / "pids", LIVE_ON))
    await until(lambda: len(pids_in(folder / "pids")) == 2)
    parent, child = pids_in(folder / "pids")
    os.kill(parent, signal.SIGKILL)
    await until(lambda: len(pids_in(folder / "pids")) == 4)
    await supervisor.stop()

    assert not is_alive(child)


async def test_parts_stop_in_the_reverse_of_their_order(supervisor, home):
    for name in ("first", "second", "third"):
        await supervisor.start(python_part(LIVE_ON, home.path / name, name=name))
    await supervisor.stop()

    lines = (home.logs / "nova.log").read_text().splitlines()
    stopped = [line.split()[2] for line in lines if "stopped" in line]
    assert stopped == ["third", "second", "first"]


async def test_a_part_that_does_not_stop_is_killed(supervisor, folder):
    await supervisor.start(python_part(STUBBORN, folder / "pids", stop_seconds=0.1))
    await until(lambda: pids_in(folder / "pids"))
    await supervisor.stop()

    assert not is_alive(pids_in(folder / "pids")[0])


async def test_a_part_that_ends_before_it_serves_is_refused_with_its_log(supervisor):
    with pytest.raises(CannotRun, match=r"part did not start; see .*part\.log"):
        await supervisor.start(python_part("raise SystemExit(3)", ready=lambda: False))


async def test_a_part_that_never_serves_is_refused(supervisor, folder):
    part = python_part(LIVE_ON, folder / "pids", ready=lambda: False)
    with pytest.raises(CannotRun, match="part is not ready after 0 s"):
        await supervisor.start(part, seconds=0.1)
    await supervisor.stop()


async def test_asking_to_stop_ends_a_start(supervisor, folder):
    part = python_part(LIVE_ON, folder / "pids", ready=lambda: False)
    start = asyncio.create_task(supervisor.start(part))
    await until(lambda: pids_in(folder / "pids"))
    supervisor.stopping.set()

    with pytest.raises(Stopped):
        await start
    await supervisor.stop()


async def test_a_command_that_fails_is_refused(supervisor):
    with pytest.raises(CannotRun, match="part failed"):
        await supervisor.run(python_part("raise SystemExit(1)"))


async def test_lines_of_a_part_are_kept_in_its_file(supervisor, home):
    await supervisor.run(python_part("print('a line'); print('x' * 3_000_000); print('the end')"))
    await supervisor.stop()

    said = [
        line.split(maxsplit=2)[2] for line in (home.logs / "part.log").read_text().splitlines()
    ]
    assert (said[0], said[-1]) == ("a line", "the end")


async def test_parts_end_with_a_supervisor_that_is_killed(folder):
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISED, str(folder)])
    await until(lambda: pids_in(folder / "pids"))
    supervisor.kill()
    supervisor.wait()

    await until(lambda: not is_alive(pids_in(folder / "pids")[0]))
