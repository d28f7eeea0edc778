"""Install Cube for this checkout: python -m aftersales.serving.install."""

import sys

from aftersales.errors import AftersalesError
from aftersales.progress import fail
from aftersales.serving.node import install
from aftersales.settings import Settings


def main() -> int:
    """Install, say what is there, and return the exit code."""
    try:
        installation = install(Settings().project_dir / "semantic")
    except AftersalesError as error:
        fail(str(error))
        return 1
    sys.stdout.write(f"   {installation.sentence}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
