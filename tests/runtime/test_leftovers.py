import subprocess
import sys

from nova.runtime.janitor import watch
from nova.runtime.leftovers import MARK, end_leftovers, leftovers_of

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_what_a_killed_run_left_is_found_by_its_mark_and_ended(folder):
    ours = subprocess.Popen(SLEEP, env={MARK: str(folder)})
    within = subprocess.Popen(SLEEP, env={MARK: str(folder / "home")})
    others = subprocess.Popen(SLEEP, env={MARK: f"{folder}-else"})
    try:
        assert set(leftovers_of(folder)) == {ours.pid, within.pid}
        assert end_leftovers(folder) == 2
        assert ours.wait() != 0
        assert within.wait() != 0
        assert others.poll() is None
    finally:
        others.kill()
        others.wait()


def test_the_janitor_clears_up_once_its_parent_has_gone(folder):
    place = folder / "run"
    place.mkdir()
    left = subprocess.Popen(SLEEP, env={MARK: str(place)})
    janitor = watch(place)
    assert place.exists()
    janitor.communicate()  # as the system does when the parent is killed

    assert left.wait() != 0
    assert not place.exists()
