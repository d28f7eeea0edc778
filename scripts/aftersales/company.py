"""The demo company in a home: made once, continued day by day, never mixed with other records."""

import filecmp
import shutil
from dataclasses import dataclass

from aftersales.errors import AftersalesError
from aftersales.files import flush_folder, read_json, write_json
from aftersales.home import Home
from aftersales.landing.sources import discover
from aftersales.progress import Progress

SYNTHETIC_LABEL = "synthetic demo company"
DEFAULT_SCALE = "small"
DEFAULT_SEED = 7
_ANSWER_KEY = "answer_key"


@dataclass(frozen=True)
class Company:
    """Which demo company is asked for; what is not said stays as it is, or takes the default."""

    scale: str | None = None
    seed: int | None = None
    days: int | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether anything about the company was said."""
        return (self.scale, self.seed, self.days) != (None, None, None)


def ensure_company(home: Home, company: Company, progress: Progress) -> None:
    """Make the demo company or continue it. Call it with the home's lock held.

    Everything is written beside the sources first and moved in when complete, so that a killed
    command leaves no half company behind.
    """
    existing = _existing(home, company)
    scale = company.scale or (existing.scale if existing else None) or DEFAULT_SCALE
    seed = next(
        value
        for value in (company.seed, existing.seed if existing else None, DEFAULT_SEED)
        if value is not None
    )
    if existing and (company.days is None or company.days <= (existing.days or 0)):
        progress.note(f"The demo company is there: {scale}, seed {seed}, {existing.days} days.")
        return
    # Generating imports the calendar of holidays and more: only this command pays for it.
    from aftersales.demo import generate

    staged = Home(home.work / "demo")
    shutil.rmtree(staged.root, ignore_errors=True)
    staged.root.mkdir(parents=True)
    with progress.step("Make the demo company (synthetic)") as step:
        summary = generate(staged.root, scale, seed, company.days, progress=step.update)
        step.result = f"{summary.row_count:,} rows of {scale}, seed {seed}"
        label = {"synthetic_label": SYNTHETIC_LABEL, "scale": scale, "seed": seed}
        write_json(staged.sources_manifest, {**label, "days": summary.days})
        _move_in(staged, home)
    shutil.rmtree(staged.root)


def _existing(home: Home, company: Company) -> Company | None:
    """The company whose records are there; records of anybody else are not to be mixed with it."""
    if not home.sources_manifest.is_file():
        if discover(home):
            raise AftersalesError(
                f"{home.sources} holds records that the demo did not make: give the demo company "
                "its own folder with --home."
            )
        return None
    document = read_json(home.sources_manifest)
    existing = Company(str(document["scale"]), int(document["seed"]), int(document["days"]))
    is_other = (company.scale or existing.scale) != existing.scale or (
        company.seed is not None and company.seed != existing.seed
    )
    if is_other:
        raise AftersalesError(
            f"{home.root} holds the demo company {existing.scale} with seed {existing.seed}: "
            "give another company its own folder with --home."
        )
    return existing


def _move_in(staged: Home, home: Home) -> None:
    answer_key = home.root / _ANSWER_KEY
    if (staged.root / _ANSWER_KEY).is_dir():
        shutil.rmtree(answer_key, ignore_errors=True)
        (staged.root / _ANSWER_KEY).rename(answer_key)
    if not home.sources.exists():
        staged.sources.rename(home.sources)
        flush_folder(home.root)
        return
    new = []
    for file in discover(staged):
        target = home.sources / file.relative_name
        if not target.exists():
            new.append((file.path, target))
        elif not filecmp.cmp(file.path, target, shallow=False):
            raise AftersalesError(
                f"The demo company would now be made differently ({target} is not the same): "
                "make it anew in another folder with --home."
            )
    for path, target in new:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    staged.sources_manifest.rename(home.sources_manifest)
    flush_folder(home.sources)
