import json
import subprocess

import pytest

from nova.runtime.audit import audit_verdict

SOUND = {"name": "django", "version": "1", "vulns": []}
VULNERABLE = {"name": "celery", "version": "1", "vulns": [{"id": "CVE-1"}]}
UNKNOWN = {"name": "redis", "skip_reason": "not found"}
NO_NETWORK = "requests.exceptions.ConnectionError: no route"


def report(*packages):
    return json.dumps({"dependencies": packages})


@pytest.mark.parametrize(
    ("said", "complaint", "passed", "remark"),
    [
        pytest.param(report(SOUND), "", True, "1 of 1 packages audited", id="all sound"),
        pytest.param(report(SOUND, VULNERABLE), "", False, "vulnerable: celery", id="a finding"),
        pytest.param(report(UNKNOWN, VULNERABLE), "", False, "vulnerable: celery", id="both"),
        pytest.param(
            report(UNKNOWN), "", True, "audit not possible: service knows no package", id="unknown"
        ),
        pytest.param(
            "", NO_NETWORK, True, "audit not possible: service unreachable", id="no network"
        ),
        pytest.param("", "invalid requirement", False, "no report", id="a broken lock"),
    ],
)
def test_an_audit_fails_on_a_finding_and_not_on_a_missing_network(said, complaint, passed, remark):
    verdict = audit_verdict(subprocess.CompletedProcess([], 1, said, complaint))

    assert (verdict.passed, verdict.remark) == (passed, remark)
