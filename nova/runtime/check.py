"""`bin/check`: what a machine can say about the code without running it. All steps always run."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nova.runtime.audit import AUDIT, audit_verdict
from nova.runtime.home import PROJECT
from nova.runtime.verdict import Output, Verdict

# As in production. None of these steps needs a server, so nothing listens there.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "nova.settings",
    "DATABASE_URL": "postgresql://nova@127.0.0.1:1/nova",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "NOVA_SECRET_KEY": secrets.token_urlsafe(64),
    "NOVA_HOSTS": "nova.example",
    "NOVA_PUBLIC_URL": "https://nova.example",
    "NOVA_TLS": "1",
    "NOVA_DEBUG": "0",
    "NOVA_DEMO": "0",
}
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as main; main()"


def by_exit_code(output: Output) -> Verdict:
    """Judge a tool that says all by its exit code."""
    return Verdict(
        passed=output.returncode == 0, remark="" if output.returncode == 0 else "failed"
    )


@dataclass(frozen=True)
class Step:
    """One tool, run as a module or a program of this Python."""

    name: str
    words: list[str]
    judge: Callable[[Output], Verdict] = field(default=by_exit_code)

    def run(self) -> bool:
        """Run it, say how it went, and return whether it passed."""
        began = time.monotonic()
        output = subprocess.run(
            [sys.executable, *self.words],
            cwd=PROJECT,
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = self.judge(output)
        mark = "ok  " if verdict.passed else "FAIL"
        say(f"{mark} {self.name:<14} {time.monotonic() - began:5.1f} s  {verdict.remark}")
        if not verdict.passed:
            say(output.stdout + output.stderr)
        return verdict.passed


STEPS = [
    Step("format", ["-m", "ruff", "format", "--check", "."]),
    Step("lint", ["-m", "ruff", "check", "."]),
    Step("types", ["-m", "mypy"]),
    Step("layers", ["-c", LINT_IMPORTS]),
    # It would warn that it cannot compare with a database: that is not the question here.
    Step("migrations", ["-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"]),
    Step("deployment", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]),
    Step("templates", ["-m", "djlint", "templates", "--lint", "--quiet"]),
    Step("audit", AUDIT, audit_verdict),
]


def say(text: str) -> None:
    """Show a line at once."""
    sys.stdout.write(text.rstrip() + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the steps, or those that the arguments name."""
    names = sys.argv[1:] or [step.name for step in STEPS]
    if unknown := set(names) - {step.name for step in STEPS}:
        sys.exit(f"nova: no such step: {', '.join(sorted(unknown))}")
    passed = [step.run() for step in STEPS if step.name in names]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
