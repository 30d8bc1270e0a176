"""Files that stream, read as they are in life."""

from tests.conftest import FencePutAside


def text_of(answer) -> str:
    """Return what a file says that is read when its request, and the fence of that, are over."""
    with FencePutAside():
        return b"".join(answer.streaming_content).decode()
