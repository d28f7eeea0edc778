"""`connect new` against real servers: their catalogue, their types, and credentials kept out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aftersales.connect.new import connect_new
from aftersales.connectors.spec import Connector
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources import dms, servers
from sources.servers import PASSWORD, Server


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    reason = servers.missing(request.param)
    if reason:
        pytest.skip(reason)
    with servers.running(request.param, tmp_path_factory.mktemp(request.param)) as running:
        dms.fill(running, dms.make_company(tmp_path_factory.mktemp("company")))
        yield running


def _asked(server: Server, home: Home) -> Connector:
    place: dict[str, str | int] = {
        "host": "127.0.0.1",
        "port": server.port,
        "database": server.database,
        "user_env": "DMS_USER",
        "password_env": "DMS_PASSWORD",
    }
    return Connector("dms", home.connectors / "dms.yml", server.kind, "steward", place, ())


def test_every_table_of_a_server_is_recognised(
    server: Server,
    tmp_path: Path,
    settings: Settings,
    progress: Progress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    home = Home(tmp_path)
    written = connect_new(home, settings, progress, _asked(server, home))
    fed = {one.table.name: one.raw.name for one in written.proposal.tables}
    assert len(fed) == 14
    assert all(source == raw for source, raw in fed.items())
    for path in (written.connector, written.document):
        assert PASSWORD not in path.read_text(encoding="utf-8")
    monkeypatch.setenv("DMS_PASSWORD", "not-the-password")
    with pytest.raises(AftersalesError, match="cannot be read") as error:
        connect_new(home, settings, progress, _asked(server, home), force=True)
    assert "not-the-password" not in str(error.value)
