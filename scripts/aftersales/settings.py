"""Settings of a run: everything that may differ between machines comes from the environment."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from aftersales.errors import AftersalesError

_MOST_GIGABYTES = 8
_MEMORY_SHARE = 0.6


def _project_dir() -> Path:
    configured = os.environ.get("AFTERSALES_PROJECT")
    folder = Path(configured) if configured else Path(__file__).resolve().parents[2]
    if not (folder / "dbt_project.yml").is_file():
        raise AftersalesError(
            f"There is no dbt_project.yml in {folder}: install the package from a checkout with "
            "`pip install -e .`, or set AFTERSALES_PROJECT to the checkout."
        )
    return folder


def _whole_number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise AftersalesError(f"{name} must be a whole number of at least 1, not '{text}'.")
    return int(text)


def _memory_limit() -> str:
    """What DuckDB may use: as configured, else most of a small machine and 8 GB of a big one."""
    configured = os.environ.get("AFTERSALES_MEMORY_LIMIT")
    if configured:
        return configured
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{min(_MOST_GIGABYTES, max(1, int(installed * _MEMORY_SHARE)))}GB"


@dataclass(frozen=True)
class Settings:
    """Values read once at the start of a command."""

    project_dir: Path = field(default_factory=_project_dir)
    memory_limit: str = field(default_factory=_memory_limit)
    kept_versions: int = field(default_factory=lambda: _whole_number("AFTERSALES_KEPT_VERSIONS", 5))
