"""How long the searches of this folder run: a hundred examples, or with
`--hypothesis-profile=thorough` some thousands."""

from hypothesis import settings

settings.register_profile("thorough", max_examples=3_000, deadline=None)
