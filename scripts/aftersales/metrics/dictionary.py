"""The metric dictionary: Cube's measures joined with what governance knows of them."""

import re
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from aftersales.errors import AftersalesError
from aftersales.files import read_yaml
from aftersales.metrics.bands import BANDS_FILE, Band, read_bands
from aftersales.metrics.certificates import (
    Certificate,
    fingerprint,
    read_certificates,
    refusal,
)
from aftersales.metrics.formulas import Column, bindings_of, columns_of, resolve, table_of
from aftersales.metrics.model import Document, Model, read_model
from aftersales.metrics.units import Unit, Units, read_units

FOLDER = Path("semantic/dictionary")
NOT_FAMILIES = {"scopes", "units", "not_computable", "certificates", "lineage"}
KINDS = {"metric", "operational", "reading"}
_FIELDS = {
    "abbreviation", "kind", "definition_zh", "formula_zh", "scope", "target", "differs_from",
    "version", "valid_from", "valid_to", "synonyms",
}  # fmt: skip
_SCOPE_PARTS = ("zh", "en", "excludes_zh", "excludes_en")
_REASON_PARTS = ("reason_zh", "reason_en", "needs_zh", "needs_en")
_REQUIRED = ("definition_zh", "formula_zh", "scope", "version")
_CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True)
class Scope:
    """What is counted, by which day, and what stays out."""

    zh: str
    en: str
    excludes_zh: str
    excludes_en: str


@dataclass(frozen=True)
class NotComputable:
    """A metric that the records cannot carry, and what would be needed."""

    id: str
    title_zh: str
    title_en: str
    reason_zh: str
    reason_en: str
    needs_zh: str
    needs_en: str


@dataclass(frozen=True)
class Metric:
    """Everything the dictionary says of one metric."""

    id: str
    kind: str
    abbreviation: str | None
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    formula_zh: str
    formula_en: str
    unit: Unit
    direction: str
    family: str
    owner: str
    maturity_days: int
    synonyms: tuple[str, ...]
    scope: Scope
    target: str | None
    band: Band | None
    differs_from: dict[str, tuple[str, str]]
    version: int
    valid_from: str
    valid_to: str | None
    # By cube: the table it reads, the formula written out there, the views that show it there.
    tables: dict[str, str]
    formulas: dict[str, str]
    views: dict[str, list[str]]
    fingerprints: dict[str, str]
    certificate: Certificate | None

    @cached_property
    def status(self) -> str:
        """Give retired, certified or draft: a certificate holds while nothing it covers changed."""
        if self.valid_to is not None:
            return "retired"
        if self.certificate is not None and self.certificate_problem is None:
            return "certified"
        return "draft"

    @cached_property
    def certificate_problem(self) -> str | None:
        """Say why its certificate does not hold; None without one, or while it does."""
        if self.certificate is None:
            return None
        return refusal(self.id, self.version, self.certificate, self.fingerprints)

    @property
    def section(self) -> str:
        """Name the list it stands in: its family, or what it is if it is no business metric."""
        return self.family if self.kind == "metric" else self.kind

    @property
    def home(self) -> str:
        """Name the cube whose formula stands for the metric: store x day where there is one."""
        return "store_days" if "store_days" in self.formulas else next(iter(self.formulas))

    @property
    def formula(self) -> str:
        """Give the formula written out in the home cube."""
        return self.formulas[self.home]

    @property
    def shown_formula(self) -> str:
        """Give the formula without the factor that only makes SQL divide as decimals do."""
        return self.formula.removeprefix("1e0 * ")

    @property
    def also_called(self) -> list[str]:
        """List abbreviation and synonyms, each once."""
        names = [self.abbreviation, *self.synonyms]
        return list(dict.fromkeys(name for name in names if name))

    @property
    def columns(self) -> list[Column]:
        """List the mart columns of every formula."""
        return sorted({column for text in self.formulas.values() for column in columns_of(text)})

    @property
    def names(self) -> list[str]:
        """List everything the metric is called by."""
        return [self.id, self.title_zh, self.title_en, *self.also_called]


@dataclass(frozen=True)
class Dictionary:
    """Every metric by id, and what cannot be computed."""

    metrics: dict[str, Metric]
    not_computable: dict[str, NotComputable]
    model: Model
    problems: list[str] = field(default_factory=list)

    def find(self, text: str) -> list[Metric]:
        """Find metrics by id, name or synonym; else those whose name holds the text."""
        if text in self.metrics:
            return [self.metrics[text]]
        wanted = _plain(text)
        every = self.metrics.values()
        exact = [one for one in every if wanted in {_plain(name) for name in one.names}]
        if exact:
            return exact
        return [one for one in every if any(wanted in _plain(name) for name in one.names)]

    def find_not_computable(self, text: str) -> list[NotComputable]:
        """Find what cannot be computed by its id or part of a name."""
        wanted = _plain(text)
        return [
            one
            for one in self.not_computable.values()
            if any(wanted in _plain(name) for name in (one.id, one.title_zh, one.title_en))
        ]

    def near(self, text: str) -> list[str]:
        """Give ids whose spelling is close to a text."""
        return get_close_matches(text, list(self.metrics), n=8, cutoff=0.5)

    def rivals_of(self, metric: Metric) -> dict[str, tuple[str, str]]:
        """Give what tells a metric from others, as said by it or by them."""
        said = dict(metric.differs_from)
        for other in self.metrics.values():
            if metric.id in other.differs_from and other.id not in said:
                said[other.id] = ("", "")
        return said


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text).strip().lower()


def read_dictionary(project: Path, model: Model | None = None) -> Dictionary:
    """Read Cube's model and the files beside it; what is wrong is listed, not raised."""
    model = model or read_model(project / "semantic" / "model")
    return build_dictionary(
        model,
        read_entries(project),
        read_section(project, "scopes"),
        read_units(project),
        read_bands(project),
        read_certificates(project),
        read_section(project, "not_computable"),
    )


def read_entries(project: Path) -> dict[str, Document]:
    """Read the entries of every family, with the defaults of their file."""
    found: dict[str, Document] = {}
    for path in sorted((project / FOLDER).glob("*.yml")):
        if path.stem in NOT_FAMILIES:
            continue
        document = read_yaml(path)
        for name, entry in document["metrics"].items():
            if name in found:
                raise AftersalesError(
                    f"metric {name} stands twice in {FOLDER}, once in {path.name}: keep one."
                )
            found[name] = {"valid_from": document["valid_from"], "file": path.name, **entry}
    return found


def read_section(project: Path, name: str) -> dict[str, Document]:
    """Read a file of the dictionary that is not a family: scopes, not_computable."""
    path = project / FOLDER / f"{name}.yml"
    found: dict[str, Document] = read_yaml(path)[name]
    return found


def build_dictionary(
    model: Model,
    entries: dict[str, Document],
    scopes: dict[str, Document],
    units: Units,
    bands: dict[str, Band],
    certificates: dict[str, Certificate],
    not_computable: dict[str, Document],
) -> Dictionary:
    """Join entries with measures; entries and measures that do not fit become problems."""
    bound = bindings_of(model)
    problems = _problems(model, entries, scopes, units, bands, certificates, not_computable)
    metrics: dict[str, Metric] = {}
    for name, entry in entries.items():
        if name in bound and not _entry_problems(name, entry, scopes):
            metrics[name] = _metric(
                model, name, entry, bound[name], scopes, units, bands, certificates
            )
    problems += [
        f"{one.id}: version {one.version} is older than the signed one."
        for one in metrics.values()
        if one.certificate is not None and one.version < one.certificate.version
    ]
    unable = {
        name: NotComputable(
            name,
            *_both(str(entry.get("title", ""))),
            *(str(entry.get(part, "")) for part in _REASON_PARTS),
        )
        for name, entry in not_computable.items()
    }
    return Dictionary(metrics, unable, model, problems)


def _metric(
    model: Model,
    name: str,
    entry: Document,
    cubes: dict[str, list[str]],
    scopes: dict[str, Document],
    units: Units,
    bands: dict[str, Band],
    certificates: dict[str, Certificate],
) -> Metric:
    definition = model.members(next(iter(cubes)), "measures")[name]
    meta = definition["meta"]
    title_zh, title_en = _both(definition["title"])
    scope = scopes[entry["scope"]]
    unit = units.find(meta["unit"]) or Unit(meta["unit"], "", "", False, "", "")
    formulas = {cube: resolve(model, cube, name) for cube in cubes}
    return Metric(
        id=name,
        kind=entry.get("kind", "metric"),
        abbreviation=entry.get("abbreviation"),
        title_zh=title_zh,
        title_en=title_en,
        definition_zh=entry["definition_zh"],
        definition_en=" ".join(str(definition["description"]).split()),
        formula_zh=entry["formula_zh"],
        formula_en=str(meta["formula"]),
        unit=unit,
        direction=meta["direction"],
        family=meta["family"],
        owner=meta["owner"],
        maturity_days=meta["maturity_days"],
        synonyms=(*meta["synonyms"], *entry.get("synonyms", [])),
        scope=Scope(*(scope.get(part, "") for part in _SCOPE_PARTS)),
        target=entry.get("target"),
        band=bands.get(name),
        differs_from={
            other: (said["zh"], said["en"]) for other, said in entry.get("differs_from", {}).items()
        },
        version=entry["version"],
        valid_from=_day(entry["valid_from"]),
        valid_to=_day(entry["valid_to"]) if entry.get("valid_to") else None,
        tables={cube: table_of(model.cubes[cube]) for cube in cubes},
        formulas=formulas,
        views=cubes,
        fingerprints={
            cube: fingerprint(text, meta["unit"], scope) for cube, text in formulas.items()
        },
        certificate=certificates.get(name),
    )


def _both(title: str) -> tuple[str, str]:
    zh, _, en = title.partition(" / ")
    return zh, en


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _entry_problems(name: str, entry: Document, scopes: dict[str, Document]) -> list[str]:
    found = [
        f"{name}: lacks {part} in {entry.get('file', FOLDER)}"
        for part in _REQUIRED
        if not entry.get(part)
    ]
    if entry.get("scope") and entry["scope"] not in scopes:
        found.append(f"{name}: scope {entry['scope']} is not in scopes.yml")
    return found


def _problems(
    model: Model,
    entries: dict[str, Document],
    scopes: dict[str, Document],
    units: Units,
    bands: dict[str, Band],
    certificates: dict[str, Certificate],
    not_computable: dict[str, Document],
) -> list[str]:
    bound = bindings_of(model)
    found = [
        f"{name}: a view shows it and the dictionary does not know it: add an entry to {FOLDER}"
        for name in sorted(bound.keys() - entries.keys())
    ]
    found += [
        f"{name}: the dictionary knows it and no view shows it"
        for name in sorted(entries.keys() - bound.keys())
    ]
    for name, entry in entries.items():
        found += _entry_problems(name, entry, scopes)
        unknown = entry.keys() - _FIELDS - {"file"}
        if unknown:
            found.append(f"{name}: unknown fields {', '.join(sorted(unknown))}")
        if entry.get("kind", "metric") not in KINDS:
            found.append(f"{name}: kind {entry['kind']} is none of {', '.join(sorted(KINDS))}")
        for part in ("definition_zh", "formula_zh"):
            if entry.get(part) and not _CHINESE.search(entry[part]):
                found.append(f"{name}: {part} is not Chinese")
        for other, said in entry.get("differs_from", {}).items():
            if other not in entries or other == name:
                found.append(f"{name}: differs from {other}, which is no other metric")
            if said.keys() != {"zh", "en"} or not all(said.values()):
                found.append(f"{name}: says in one language only how it differs from {other}")
    for name, scope in scopes.items():
        missing = set(_SCOPE_PARTS) - scope.keys()
        if missing:
            found.append(f"scope {name}: lacks {', '.join(sorted(missing))}")
    used = {entry.get("scope") for entry in entries.values()}
    found += [f"scope {name}: no metric uses it" for name in sorted(scopes.keys() - used)]
    found += [
        f"{member.path}: unit {member.meta['unit']} is not in units.yml"
        for member in model.public_measures()
        if units.find(member.meta["unit"]) is None
    ]
    found += [
        f"{name}: {BANDS_FILE} has a band for it and the dictionary does not know it"
        for name in sorted(bands.keys() - entries.keys())
    ]
    found += [
        f"{name}: signed, and the dictionary does not know it"
        for name in sorted(certificates.keys() - entries.keys())
    ]
    found += [
        f"{name}: said not to be computable, and the dictionary defines it"
        for name in sorted(not_computable.keys() & entries.keys())
    ]
    for name, entry in not_computable.items():
        if not {"title", *_REASON_PARTS} <= entry.keys() or " / " not in str(entry["title"]):
            found.append(f"{name}: says incompletely, or in one language, why it is not computable")
    return found
