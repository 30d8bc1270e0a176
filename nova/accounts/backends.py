"""Who is signing in, and who is signed in: by e-mail, across all tenants."""

from typing import Any

from django.http import HttpRequest

from nova.accounts.identity import person_by_email, person_by_id
from nova.accounts.models import User


class EmailBackend:
    """Signs a person in by e-mail and password, and finds them again in each later request.

    Both need a transaction, and leave it within the fence of the person found.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        email: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """Return the person whose e-mail and password these are.

        An unknown e-mail costs the same time, so that nobody learns which ones exist.
        """
        if email is None or password is None:
            return None
        person = person_by_email(email)
        if person is None:
            User().set_password(password)
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        return person_by_id(user_id)
