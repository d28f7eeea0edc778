"""The API of the published version, started and kept for as long as somebody wants it."""

from collections.abc import Iterator
from contextlib import contextmanager

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.serving.node import install
from aftersales.serving.server import ServerHandle, start_server
from aftersales.serving.tokens import secret_of
from aftersales.settings import Settings
from aftersales.warehouse.versions import read_pointer


@contextmanager
def start_api(
    home: Home, settings: Settings, progress: Progress, port: int
) -> Iterator[ServerHandle]:
    """Install Cube if it is not there, and serve the published version while the caller works."""
    if read_pointer(home) is None:
        raise AftersalesError(f"Nothing is published in {home.root}: run `aftersales run` first.")
    semantic_dir = settings.project_dir / "semantic"
    with progress.step("Start the API") as step:
        step.update("looking for Cube; the first time it is installed")
        installation = install(semantic_dir, home.logs / "npm.log")
        step.update("starting Cube")
        server = start_server(home.root, port, secret_of(home.root), semantic_dir=semantic_dir)
        step.result = f"{server.url}, {installation.sentence}"
    with server:
        yield server


def serve_until_stopped(server: ServerHandle, progress: Progress) -> None:
    """Stay in the foreground until Ctrl-C, or until the server ends by itself."""
    progress.note(f"Serving {server.url}; Ctrl-C ends it. A new version shows by itself.")
    try:
        code = server.wait()
    except KeyboardInterrupt:
        progress.note("Stopped.")
        return
    raise AftersalesError(f"The server ended by itself (exit {code}); see {server.log}.")
