"""Make VIPs of more requesters of a trial, all at once: prints who they are, as JSON.

python -m nova.trials.elevate SLUG
"""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from nova.accounts.models import User  # noqa: E402 - models exist once Django is set up
from nova.tenancy.fence import inside  # noqa: E402
from nova.tenancy.models import Tenant  # noqa: E402
from nova.trials.cast import VIPS, designate  # noqa: E402


def main() -> None:
    """Designate as many as are VIPs already."""
    tenant = Tenant.objects.get(slug=sys.argv[1])
    with inside(tenant.pk):
        admin = User.objects.get(tenant=tenant, email=f"admin0@{tenant.slug}.example")
        sys.stdout.write(json.dumps(designate(tenant, admin, VIPS, datetime.now(UTC))))


if __name__ == "__main__":
    main()
