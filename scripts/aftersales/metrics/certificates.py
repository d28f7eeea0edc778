"""Certificates: who signed which version of a metric, over the fingerprint of its definition.

A fingerprint covers what the number means: the formula written out in columns and filters, the unit
and the scope, once for each cube that answers the metric. Titles and descriptions may be polished
without a new signature.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aftersales.errors import AftersalesError

CERTIFICATES_FILE = Path("semantic/dictionary/certificates.yml")
_HEAD = (
    "# Written by `aftersales certify`, never by hand: a signature over a metric's definition.\n"
)
_FINGERPRINT_CHARACTERS = 16


@dataclass(frozen=True)
class Certificate:
    """A signature: version, signer, day, and the definition's fingerprint in each cube."""

    version: int
    certified_by: str
    certified_on: str
    fingerprints: dict[str, str]


def fingerprint(formula: str, unit: str, scope: dict[str, str]) -> str:
    """Condense a definition into a few characters that change when it does."""
    text = json.dumps([formula, unit, scope], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_FINGERPRINT_CHARACTERS]


def read_certificates(project: Path) -> dict[str, Certificate]:
    """Read the signatures by metric."""
    path = project / CERTIFICATES_FILE
    if not path.is_file():
        return {}
    document: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {
        metric: Certificate(
            entry["version"],
            entry["certified_by"],
            str(entry["certified_on"]),
            dict(entry["fingerprints"]),
        )
        for metric, entry in document.items()
    }


def write_certificates(project: Path, certificates: dict[str, Certificate]) -> None:
    """Write the signatures, sorted, so that a diff shows what was signed."""
    document = {
        metric: {
            "version": one.version,
            "certified_by": one.certified_by,
            "certified_on": one.certified_on,
            "fingerprints": dict(sorted(one.fingerprints.items())),
        }
        for metric, one in sorted(certificates.items())
    }
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    (project / CERTIFICATES_FILE).write_text(_HEAD + text, encoding="utf-8")


def changed_cubes(certificate: Certificate, now: dict[str, str]) -> list[str]:
    """Name the cubes whose definition is not the signed one; a new cube is no change."""
    return sorted(
        cube for cube, signed in certificate.fingerprints.items() if now.get(cube) != signed
    )


def unsigned_cubes(certificate: Certificate, now: dict[str, str]) -> list[str]:
    """Name the cubes that answer the metric and were not there when it was signed."""
    return sorted(now.keys() - certificate.fingerprints.keys())


def refusal(metric: str, version: int, certificate: Certificate, now: dict[str, str]) -> str | None:
    """Say why a certificate does not cover the definition as it stands; None if it does."""
    if version < certificate.version:
        return (
            f"{metric}: version {version} is older than the signed version {certificate.version}."
        )
    if version > certificate.version:
        return f"{metric}: version {version} is not signed yet (version {certificate.version} is)."
    changed = changed_cubes(certificate, now)
    if changed:
        return (
            f"{metric}: its definition changed in {', '.join(changed)} since it was signed: raise "
            f"its version above {version} and let {certificate.certified_by} sign again."
        )
    unsigned = unsigned_cubes(certificate, now)
    if unsigned:
        return (
            f"{metric}: {', '.join(unsigned)} answers it and was not signed: "
            f"run `aftersales certify {metric}`."
        )
    return None


def sign(
    metric: str, version: int, owner: str, day: str, now: dict[str, str], old: Certificate | None
) -> Certificate:
    """Make a signature over the definition as it stands.

    Raises AftersalesError when a signed definition changed without a new version.
    """
    if old is not None:
        if version < old.version:
            raise AftersalesError(
                f"{metric}: version {old.version} is signed already; the dictionary says {version}."
            )
        if version == old.version and changed_cubes(old, now):
            raise AftersalesError(
                f"{metric}: its definition changed since version {version} was signed: raise "
                "`version` in semantic/dictionary, then sign."
            )
    return Certificate(version, owner, day, now)
