"""Every model compiles for every engine, and the SQL parses in the engine's dialect."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

ROOT = Path(__file__).resolve().parents[2]
# Spark is no guess: `make test-spark` runs the models there.
ENGINES = ("postgres", "databricks")


def compile_project(engine: str, target: Path) -> Path:
    """Compile the project for an engine without a connection; give the folder of the SQL."""
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "compile"]
    offline = ["--no-populate-cache", "--no-introspect", "--no-partial-parse", "--target", engine]
    places = ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT), "--target-path", str(target)]
    environment = {**os.environ, "DBT_LOG_PATH": str(target)}
    result = subprocess.run(
        [*command, *offline, *places],
        capture_output=True,
        text=True,
        env=environment,
        cwd=target,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return target / "compiled" / "aftersales"


def parse_errors(sql: str, dialect: str) -> list[str]:
    """Say what is wrong with a query in a dialect; nothing if it parses as one SELECT."""
    try:
        statements = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
    except SqlglotError as error:
        return [str(error).splitlines()[0]]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        return [f"{len(statements)} statements, the first a {type(statements[0]).__name__}"]
    return [
        f"not understood: {command.sql(dialect=dialect)[:60]}"
        for command in statements[0].find_all(exp.Command)
    ]


@pytest.fixture(scope="module", params=ENGINES)
def compiled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Give each engine with the folder its SQL was compiled to."""
    engine = str(request.param)
    return engine, compile_project(engine, tmp_path_factory.mktemp(engine))


def test_every_model_compiles_and_parses(compiled: tuple[str, Path]) -> None:
    engine, folder = compiled
    files = sorted(folder.rglob("*.sql"))
    models = {path.stem for path in (ROOT / "models").rglob("*.sql")}
    assert models <= {path.stem for path in files}, "some models were not compiled"
    findings = [
        f"{path.relative_to(folder)}: {error}"
        for path in files
        for error in parse_errors(path.read_text(encoding="utf-8"), engine)
    ]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "sql",
    [
        "select a b c from t",
        "select a from t where",
        "select sum(a from t",
        "select a from t group a",
        "with x as (select 1 as a select * from x",
        "drop table t",
        "select 1 as a; select 2 as a",
        "",
    ],
)
def test_bad_sql_is_seen(engine: str, sql: str) -> None:
    assert parse_errors(sql, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_good_sql_is_accepted(engine: str) -> None:
    sql = "with x as (select cast(a as date) as a from t) select a, count(*) as n from x group by a"
    assert parse_errors(sql, engine) == []
