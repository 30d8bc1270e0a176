"""The audit of what Nova installs, which fails on a known vulnerability and on nothing else."""

import json

from nova.runtime.verdict import Output, Verdict

AUDIT = [
    *(
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--requirement",
        "requirements.lock",
    ),
    *("--format", "json", "--progress-spinner", "off"),
]
# What it says when the vulnerability service does not answer, or somebody answers in its place.
UNREACHABLE = ("requests.exceptions.", "vulnerability feed", "may be blocking this service")


def audit_verdict(output: Output) -> Verdict:
    """Judge an audit by its report: the exit code is the same for a finding and for no network."""
    if not output.stdout.strip():
        if any(words in output.stderr for words in UNREACHABLE):
            return Verdict(passed=True, remark="audit not possible: service unreachable")
        return Verdict(passed=False, remark="no report")
    packages = json.loads(output.stdout)["dependencies"]
    audited = [package for package in packages if "skip_reason" not in package]
    if not audited:
        return Verdict(passed=True, remark="audit not possible: service knows no package")
    vulnerable = [package["name"] for package in audited if package["vulns"]]
    if vulnerable:
        return Verdict(passed=False, remark=f"vulnerable: {', '.join(vulnerable)}")
    return Verdict(passed=True, remark=f"{len(audited)} of {len(packages)} packages audited")
