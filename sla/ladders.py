"""Where a step looks for whom it says."""

from nova.accounts.chain import Post
from sla.choices import Whom

TOP = (Post.OPERATIONS, Post.MANAGERS, Post.LEADS)
# Where a step looks, in order: nobody there, and the next one up is told.
LADDERS: dict[str, tuple[Post, ...]] = {
    Whom.ASSIGNEE: (Post.ASSIGNEE, Post.LEAD, Post.LEADS),
    Whom.LEAD: (Post.LEAD, Post.LEADS),
    Whom.SENIOR: (Post.SENIOR, Post.HEAD, *TOP),
    Whom.HEAD: (Post.HEAD, *TOP),
    Whom.OPERATIONS: TOP,
}
