"""How tests are divided among workers (`pytest -n 2`): by file, or by folder.

A folder whose tests share a company that takes long to build goes to one worker as a whole, so that
the company is built once.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Folders that go as one, each under the name of what it shares.
_TOGETHER = {
    "tests/alerts/": "alerts",
    "tests/explain/": "independent",
    "tests/golden/": "golden",
    "tests/quality/": "quality",
    "tests/semantic/independent/": "independent",
    "tests/steward/": "steward",
}


class Divided(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out files and folders in the order of their names."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        """Keep the order: files with few tests are often the long ones."""
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((unit for folder, unit in _TOGETHER.items() if file.startswith(folder)), file)
