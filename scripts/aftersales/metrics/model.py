"""The Cube model as plain data: cubes with what they inherit, views with their members."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aftersales.files import read_yaml

Document = dict[str, Any]


@dataclass(frozen=True)
class ViewMember:
    """A member of a view, with the cube member behind it."""

    view: str
    name: str
    cube: str
    kind: str
    definition: Document
    is_lent: bool = False

    @property
    def path(self) -> str:
        """Give `view.member`."""
        return f"{self.view}.{self.name}"

    @property
    def meta(self) -> Document:
        """Give what the member says about itself."""
        meta: Document = self.definition.get("meta", {})
        return meta


@dataclass(frozen=True)
class Model:
    """Every cube and public view by name, and the views that only lend their members."""

    cubes: dict[str, Document]
    views: dict[str, Document]
    lending: tuple[str, ...] = ()

    def ancestry(self, cube: str) -> list[str]:
        """The cube and what it extends, nearest first."""
        names = [cube]
        while parent := self.cubes[names[-1]].get("extends"):
            names.append(parent)
        return names

    def members(self, cube: str, kind: str) -> dict[str, Document]:
        """Measures or dimensions of a cube, inherited ones included, the nearest winning."""
        found: dict[str, Document] = {}
        for name in self.ancestry(cube):
            for member in self.cubes[name].get(kind, []):
                found.setdefault(member["name"], member)
        return found

    def view_members(self, view: str) -> list[ViewMember]:
        """Members of a view in order."""
        return list(self._view_members(self.views[view]))

    def own_members(self, view: str) -> list[ViewMember]:
        """Members of a view in order, without the stamp that it takes over."""
        return [member for member in self.view_members(view) if not member.is_lent]

    def _view_members(self, view: Document) -> Iterator[ViewMember]:
        for part in view.get("cubes", []):
            cube = part["join_path"].split(".")[-1]
            for name in part["includes"] if isinstance(part["includes"], list) else []:
                for kind in ("measures", "dimensions"):
                    definition = self.members(cube, kind).get(name)
                    if definition is not None:
                        yield ViewMember(
                            view["name"], name, cube, kind, definition, "lent_by" in part
                        )

    def public_members(self) -> list[ViewMember]:
        """Members of every view."""
        return [member for view in self.views for member in self.view_members(view)]

    def public_measures(self) -> list[ViewMember]:
        """Measures of every view; one that several views show comes once for each."""
        return [member for member in self.public_members() if member.kind == "measures"]

    def groups(self, view: str) -> dict[str, Document]:
        """Policies of a view by role."""
        return {policy["group"]: policy for policy in self.views[view].get("access_policy", [])}


def read_model(folder: Path) -> Model:
    """Read every YAML file of the model."""
    documents = [read_yaml(path) for path in sorted(folder.rglob("*.yml"))]
    cubes = {cube["name"]: cube for document in documents for cube in document.get("cubes", [])}
    written = {view["name"]: view for document in documents for view in document.get("views", [])}
    # A view that is not public only lends its members to those that extend it.
    views = {
        name: {**view, "cubes": list(_view_parts(written, name))}
        for name, view in written.items()
        if view.get("public") is not False
    }
    return Model(cubes, views, tuple(sorted(written.keys() - views.keys())))


def _view_parts(views: dict[str, Document], name: str) -> Iterator[Document]:
    """Yield what a view lists itself, then what it takes over."""
    yield from views[name].get("cubes", [])
    if parent := views[name].get("extends"):
        for part in _view_parts(views, parent):
            yield {"lent_by": parent, **part}
