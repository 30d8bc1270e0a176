"""Waits until its parent has gone, then clears away what the parent's test run left.

It is the only way in which a run is cleared, so that a killed one is cleared as well.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from nova.runtime.leftovers import end_leftovers


def watch(folder: Path) -> "subprocess.Popen[bytes]":
    """Start the janitor of `folder`: it sets to work when its standard input is closed."""
    command = [sys.executable, "-m", "nova.runtime.janitor", str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


def main() -> None:
    """Wait for the end of standard input, then clear the folder named."""
    folder = Path(sys.argv[1])
    sys.stdin.read()
    end_leftovers(folder)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
