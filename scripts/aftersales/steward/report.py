"""The step of a publication that writes the steward's report."""

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.manifest import Manifest


def write_report(home: Home, manifest: Manifest, settings: Settings, progress: Progress) -> None:
    """Write the report into the folder of a published version. Call it with the lock held.

    Readers have the version already: a report that cannot be written is a warning.
    """
    # Templates and the dictionary are loaded by those who write a report alone.
    from aftersales.steward.site import write_site

    try:
        with progress.step("Write the steward's report") as step:
            page = write_site(home, manifest, settings.project_dir)
            step.result = str(page)
    except AftersalesError as error:
        progress.warn(f"There is no steward's report of {manifest.version_id}: {error}")
