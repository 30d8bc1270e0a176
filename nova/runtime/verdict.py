"""What a step of `bin/check` comes to."""

import subprocess
from dataclasses import dataclass

Output = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Verdict:
    """Whether a step passed, and what there is to say about it."""

    passed: bool
    remark: str = ""
