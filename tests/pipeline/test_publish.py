"""Publication is one rename: readers see the old version or the new one, whatever is cut short."""

import json
from pathlib import Path

import duckdb
import pytest

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse import publish as publishing
from aftersales.warehouse.candidate import create_candidate
from aftersales.warehouse.manifest import AUDITED, BUILT, DATABASE_NAME, Manifest
from aftersales.warehouse.publish import publish, rollback, settle_publication
from aftersales.warehouse.versions import list_versions, read_pointer


class KilledError(Exception):
    """Stands for the process ending at this very point."""


def make_candidate(
    home: Home, version_id: str, verdict: str = "pass", state: str = AUDITED
) -> Path:
    manifest = Manifest(
        version_id=version_id,
        parent_version_id=None,
        as_of_on="2025-10-31",
        is_full_build=True,
        state=state,
        code_revision="unknown",
        warehouse_fingerprint="f",
        audit_fingerprint="f",
        batches=[],
        new_batches=[],
        verdict=verdict,
    )
    folder = create_candidate(home, manifest)
    with duckdb.connect(folder / DATABASE_NAME) as connection:
        connection.execute(f"create table content as select '{version_id}' as version_id")
    return folder


def published_content(home: Home) -> str:
    """Read what a client would read: the pointer first, then the file it names."""
    pointer = json.loads(home.pointer.read_text(encoding="utf-8"))
    with duckdb.connect(home.root / pointer["database"], read_only=True) as connection:
        row = connection.execute("select version_id from content").fetchone()
    assert row is not None
    assert row[0] == pointer["version_id"]
    return str(row[0])


def publish_all(home: Home, progress: Progress, *version_ids: str) -> None:
    for version_id in version_ids:
        make_candidate(home, version_id)
        publish(home, Settings(), progress)


def test_a_published_version_is_complete(home: Home, progress: Progress) -> None:
    make_candidate(home, "v1")
    manifest = publish(home, Settings(), progress)
    assert published_content(home) == "v1"
    assert manifest.state == "published"
    assert manifest.published_at is not None
    assert list(home.candidates.iterdir()) == []


@pytest.mark.parametrize("verdict", ["fail", "error", None])
def test_a_candidate_with_a_bad_verdict_stays_unpublished(
    home: Home, progress: Progress, verdict: str
) -> None:
    publish_all(home, progress, "v1")
    folder = make_candidate(home, "v2", verdict=verdict)
    with pytest.raises(AftersalesError, match="v2 stays unpublished"):
        publish(home, Settings(), progress)
    assert published_content(home) == "v1"
    assert (folder / DATABASE_NAME).exists()


def test_a_candidate_without_audit_stays_unpublished(home: Home, progress: Progress) -> None:
    make_candidate(home, "v1", state=BUILT)
    with pytest.raises(AftersalesError, match="run `aftersales audit` first"):
        publish(home, Settings(), progress)
    assert read_pointer(home) is None


@pytest.mark.parametrize("step", ["flush_file", "flush_folder", "write_pointer", "_mark_published"])
def test_a_publication_cut_short_leaves_the_old_version_or_the_new(
    home: Home, progress: Progress, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    publish_all(home, progress, "v1")
    make_candidate(home, "v2")

    def die(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched, pytest.raises(KilledError):
        patched.setattr(publishing, step, die)
        publish(home, Settings(), progress)
    expected = "v2" if step == "_mark_published" else "v1"
    assert published_content(home) == expected

    settle_publication(home)
    assert published_content(home) == expected
    assert {one.version_id for one in list_versions(home)} == {"v1", expected}
    assert {path.name for path in home.versions.iterdir()} == {"v1", expected}


def test_rollback_goes_back_one_version_at_a_time(home: Home, progress: Progress) -> None:
    publish_all(home, progress, "v1", "v2", "v3")
    assert rollback(home, None, progress).version_id == "v2"
    assert published_content(home) == "v2"
    assert rollback(home, None, progress).version_id == "v1"
    with pytest.raises(AftersalesError, match="No version older than v1"):
        rollback(home, None, progress)
    assert rollback(home, "v3", progress).version_id == "v3"
    assert published_content(home) == "v3"


def test_rollback_to_an_unknown_version_names_those_kept(home: Home, progress: Progress) -> None:
    publish_all(home, progress, "v1", "v2")
    with pytest.raises(AftersalesError, match=r"no version v9 .* choose one of v2, v1"):
        rollback(home, "v9", progress)
    assert published_content(home) == "v2"


def test_only_the_newest_versions_are_kept(home: Home, progress: Progress) -> None:
    settings = Settings(kept_versions=2)
    for version_id in ("v1", "v2", "v3"):
        make_candidate(home, version_id)
        publish(home, settings, progress)
    assert [one.version_id for one in list_versions(home)] == ["v3", "v2"]


def test_the_published_version_is_kept_however_old(home: Home, progress: Progress) -> None:
    publish_all(home, progress, "v1", "v2", "v3")
    rollback(home, "v1", progress)
    publishing.remove_old_versions(home, kept_versions=1)
    assert [one.version_id for one in list_versions(home)] == ["v3", "v1"]
    assert published_content(home) == "v1"


def test_a_reader_keeps_the_version_it_opened(home: Home, progress: Progress) -> None:
    publish_all(home, progress, "v1")
    database = home.versions / "v1" / DATABASE_NAME
    with duckdb.connect(database, read_only=True) as reader:
        for version_id in ("v2", "v3"):
            make_candidate(home, version_id)
            publish(home, Settings(kept_versions=1), progress)
        assert not database.exists()
        assert reader.execute("select version_id from content").fetchall() == [("v1",)]
    assert published_content(home) == "v3"
