"""What would differ between two people's pages if one of them were treated differently."""

import re

from nova.accounts.models import User
from tests.browser.visiting import Visitor

TIME = re.compile(r"<time\b.*?</time>", re.DOTALL)
# Tokens against forgery, the sealed marks that pages carry, and signed links.
SECRET = re.compile(r"\bgAAAA[\w=-]+|(?<=/rate/)[\w:-]+|\b[A-Za-z0-9]{32,64}\b")
NUMBER = re.compile(r"\d+")
TRACE = re.compile(r"vip|\bexec|\bgold|score|breach|escalat|\bsla\b|clock|overdue", re.I)


def without_person(text: str, person: User) -> str:
    """Return a text with who, when and which taken out, and nothing else."""
    for own in (person.email, person.name):
        text = text.replace(own, "somebody")
    for pattern, kind in ((TIME, "<time>"), (SECRET, "token"), (NUMBER, "0")):
        text = pattern.sub(kind, text)
    return text


def seen_at(visitor: Visitor, path: str) -> str:
    """Return what the server tells a visitor at an address."""
    answer = visitor.context.request.get(path)
    assert answer.ok, f"{answer.status} {path}"
    return answer.text()


def heard_by(visitor: Visitor) -> list[str]:
    """Return what a visitor's socket said of changes, without its numbers."""
    return sorted(NUMBER.sub("0", frame) for frame in visitor.frames if "topic" in frame)
