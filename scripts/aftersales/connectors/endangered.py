"""The models that read a raw table, straight or by others: from the manifest of dbt."""

from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


class Lineage:
    """Answers which models stand on a raw table; reads the project when first asked."""

    def __init__(self, home: Home, settings: Settings, progress: Progress) -> None:
        """Remember where the project is."""
        self._home, self._settings, self._progress = home, settings, progress
        self._children: dict[str, list[str]] | None = None

    def models_on(self, system: str, table: str) -> list[str]:
        """The models below a raw table, those that are published first, then by name."""
        if self._children is None:
            self._children = self._read()
        start = f".{system}.{table}"
        waiting = [node for node in self._children if node.endswith(start)]
        found: set[str] = set()
        while waiting:
            for child in self._children.get(waiting.pop(), []):
                if child.startswith("model.") and child not in found:
                    found.add(child)
                    waiting.append(child)
        names = [node.rpartition(".")[2] for node in found]
        return sorted(names, key=lambda name: (not name.startswith(("mart_", "fct_")), name))

    def _read(self) -> dict[str, list[str]]:
        from aftersales.warehouse.dbt_runner import DbtProject

        project = DbtProject(self._home, self._settings, self._home.work / "none.duckdb")
        with self._progress.step("Find the models that drift endangers"):
            return project.children()
