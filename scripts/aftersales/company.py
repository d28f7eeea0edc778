"""The demo company in a home: made once, continued day by day, never mixed with other records."""

import filecmp
import os
import shutil
from dataclasses import astuple, dataclass
from pathlib import Path

from aftersales.demo import generate, scale_of
from aftersales.demo.manifest import MANIFEST, Manifest, read_manifest
from aftersales.errors import AftersalesError
from aftersales.files import flush_folder
from aftersales.home import Home
from aftersales.landing.sources import discover
from aftersales.progress import Progress

DEFAULT_SCALE = "small"
DEFAULT_SEED = 7
_ANSWER_KEY = "answer_key"


@dataclass(frozen=True)
class Company:
    """Which demo company is asked for; what is not said stays as it is, or takes the default."""

    scale: str | None = None
    seed: int | None = None
    days: int | None = None
    legacy_stores: int | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether anything about the company was said."""
        return any(one is not None for one in astuple(self))


def synthetic_label(home: Home) -> str | None:
    """What to call the records wherever their numbers show; nothing for real ones."""
    manifest = read_manifest(home.sources)
    return None if manifest is None else f"{manifest.label} demo company"


def ensure_company(home: Home, company: Company, progress: Progress) -> None:
    """Make the demo company or continue it. Call it with the home's lock held.

    Everything is written beside the sources first and moved in when complete, so that a killed
    command leaves no half company behind.
    """
    if company.scale is not None:
        scale_of(company.scale)
    existing = _existing(home, company)
    if existing and (company.days is None or company.days <= existing.days):
        progress.note(
            f"The demo company is there: {existing.scale}, seed {existing.seed}, "
            f"{existing.days} days."
        )
        return
    scale, seed = company.scale or DEFAULT_SCALE, company.seed
    if existing:
        scale, seed = existing.scale, existing.seed
    legacy_stores = existing.legacy_stores if existing else company.legacy_stores or 0
    seed = DEFAULT_SEED if seed is None else seed
    staged = Home(home.work / "demo")
    shutil.rmtree(staged.root, ignore_errors=True)
    staged.sources.mkdir(parents=True)
    with progress.step("Make the demo company (synthetic)") as step:
        if existing:
            _link_sources(home, staged)
        summary = generate(
            staged.root,
            scale,
            seed,
            company.days,
            progress=step.update,
            legacy_stores=legacy_stores,
        )
        _move_in(staged, home)
        step.result = (
            f"{summary.row_count:,} rows, {scale}, seed {seed}, "
            f"{summary.first_on} to {summary.last_on}"
        )
    shutil.rmtree(staged.root)


def _existing(home: Home, company: Company) -> Manifest | None:
    """The company whose records are there; records of anybody else are not to be mixed with it."""
    existing = read_manifest(home.sources)
    if existing is None:
        if discover(home):
            raise AftersalesError(
                f"{home.sources} holds records that the demo did not make: give the demo company "
                "its own folder with --home."
            )
        return None
    is_other_scale = company.scale is not None and company.scale != existing.scale
    is_other_seed = company.seed is not None and company.seed != existing.seed
    is_other_system = company.legacy_stores not in {None, existing.legacy_stores}
    if is_other_scale or is_other_seed or is_other_system:
        raise AftersalesError(
            f"{home.root} holds the demo company {existing.scale} with seed {existing.seed} and "
            f"{existing.legacy_stores} stores in the legacy system: "
            "give another company its own folder with --home."
        )
    return existing


def _link_sources(home: Home, staged: Home) -> None:
    """Show the generator the files that are there, so that it only adds to them."""
    for path in _files(home):
        target = staged.root / path.relative_to(home.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, target)
    shutil.copy(home.sources / MANIFEST, staged.sources / MANIFEST)


def _files(home: Home) -> list[Path]:
    """The files of records that the demo made: handed out, and those of the legacy system."""
    return [*(file.path for file in discover(home)), *sorted(home.legacy.glob("*/*.csv"))]


def _move_in(staged: Home, home: Home) -> None:
    answer_key = home.root / _ANSWER_KEY
    shutil.rmtree(answer_key, ignore_errors=True)
    (staged.root / _ANSWER_KEY).rename(answer_key)
    new = []
    for path in _files(staged):
        target = home.root / path.relative_to(staged.root)
        if not target.exists():
            new.append((path, target))
        elif not (target.samefile(path) or filecmp.cmp(path, target, shallow=False)):
            raise AftersalesError(
                f"The demo company would now be made differently ({target} is not the same): "
                "make it anew in another folder with --home."
            )
    for path in sorted(staged.connectors.rglob("*.*")):
        target = home.root / path.relative_to(staged.root)
        # Somebody may have changed the connector since: theirs stays.
        if not target.exists():
            new.append((path, target))
    if not home.sources.exists():
        new = [(path, target) for path, target in new if home.sources not in target.parents]
    for path, target in new:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    # The label says how many days there are: it comes last.
    if home.sources.exists():
        (staged.sources / MANIFEST).replace(home.sources / MANIFEST)
        flush_folder(home.sources)
    else:
        staged.sources.rename(home.sources)
        flush_folder(home.root)
