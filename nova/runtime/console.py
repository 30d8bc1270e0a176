"""What the parts say: prefixed and coloured on the terminal, and in one file for each."""

import logging
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

COLOURS = {"postgres": 34, "redis": 31, "web": 32, "worker": 35, "beat": 36}
WHITE = 37
FILE_BYTES = 10_000_000


class Console:
    """Shows lines as they come. `quiet` keeps them in the files only."""

    def __init__(self, folder: Path, *, quiet: bool = False) -> None:
        self.folder = folder
        self._quiet = quiet
        self._coloured = sys.stdout.isatty()
        self._files: dict[str, logging.Handler] = {}

    def line(self, name: str, text: str, *, shown: bool = True) -> None:
        """Keep one line of the part `name`, and show it."""
        self._file(name).emit(logging.makeLogRecord({"msg": text}))
        if self._quiet or not shown:
            return
        prefix = f"{time.strftime('%H:%M:%S')} {name:<8} | "
        if self._coloured:
            prefix = f"\x1b[{COLOURS.get(name, WHITE)}m{prefix}\x1b[0m"
        self.show(prefix + text)

    def show(self, text: str) -> None:
        """Show a line as it is. A terminal that has gone is no reason to stop."""
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except OSError:
            self._quiet = True

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()

    def _file(self, name: str) -> logging.Handler:
        if name not in self._files:
            path = self.folder / f"{name}.log"
            file = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=3)
            file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            self._files[name] = file
        return self._files[name]
