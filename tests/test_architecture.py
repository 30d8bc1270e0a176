"""What `docs/` says of the code's shape, held by a machine."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nova.runtime.check import LINT_IMPORTS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = [
    "nova",
    "tickets",
    "sla",
    "vip",
    "stardust",
    "dispatch",
    "knowledge",
    "incidents",
    "bin",
]
SOURCES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
MEDIAN_FILE, MEDIAN_FUNCTION = 100, 8


def length_of(file):
    return len(file.read_text().splitlines())


def functions_of(file) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(function):
    return function.end_lineno - function.lineno + 1


def test_imports_point_down():
    # in a process of its own, because it silences the loggers of the one that it runs in
    linter = [sys.executable, "-c", LINT_IMPORTS, "--no-cache"]
    assert subprocess.run(linter, cwd=ROOT, check=False).returncode == 0  # noqa: S603


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_file_and_no_function_is_too_long_to_take_in(file):
    assert length_of(file) <= LONGEST_FILE
    assert [f.name for f in functions_of(file) if lines_of(f) > LONGEST_FUNCTION] == []


def test_files_and_functions_are_small_as_a_rule():
    functions = [lines_of(function) for file in SOURCES for function in functions_of(file)]

    assert statistics.median(length_of(file) for file in SOURCES) < MEDIAN_FILE
    assert statistics.median(functions) <= MEDIAN_FUNCTION
    assert statistics.quantiles(functions, n=10)[-1] <= 20
