from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from heedful.errors import StoreError
from heedful.store import database, schema
from heedful.store.store import Store, sqlite_url
from tests.samples import sample_feedback, sample_turn

FOLDER = Path(schema.__file__).with_name("migrations")
SCRIPTS = list(ScriptDirectory(str(FOLDER)).walk_revisions())[::-1]


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    """Run SQL beside the store and return the rows of the last statement."""
    engine = sqlalchemy.create_engine(url)
    rows: list[tuple[object, ...]] = []
    with engine.begin() as connection:
        for statement in statements:
            result = connection.exec_driver_sql(statement)
            rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(str(tmp_path / "50% full"))


def test_the_revisions_form_one_line_of_rising_numbers_that_ends_at_the_present_one() -> None:
    revisions = [script.revision for script in SCRIPTS]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    assert revisions[-1] == schema.REVISION
    assert [script.down_revision for script in SCRIPTS] == [None, *revisions[:-1]]
    assert all(Path(script.path).name.startswith(f"r{script.revision}_") for script in SCRIPTS)


def test_the_migrated_tables_are_the_ones_that_the_schema_describes(url: str) -> None:
    Store.open(url).close()
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.REVISION_TABLE})
        assert compare_metadata(context, schema.metadata) == []
        unknown = sqlalchemy.MetaData()
        sqlalchemy.Table("unknown", unknown, sqlalchemy.Column("id", sqlalchemy.Text))
        assert compare_metadata(context, unknown), "the comparison finds no difference where there is one"
    engine.dispose()


@pytest.mark.parametrize("revision", ["base", *(script.revision for script in SCRIPTS)])
def test_an_empty_store_of_any_earlier_revision_is_brought_up_to_date(url: str, revision: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(FOLDER))
        command.upgrade(config, revision)
    engine.dispose()
    with Store.open(url) as store:
        store.add_turn(sample_turn())
        store.add_feedback(sample_feedback())
    with Store.open(url) as store:
        assert (store.turn("turn-1"), store.feedback("turn-1")) == (sample_turn(), [sample_feedback()])
    assert run(url, f"SELECT version_num FROM {schema.REVISION_TABLE}") == [(schema.REVISION,)]


def test_a_store_of_the_first_revision_keeps_what_was_said_and_belongs_to_nobody(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(FOLDER))
        command.upgrade(config, "0001")
        told = sample_turn().to_dict()
        del told["person"]
        row = {"id": "turn-1", "conversation": "sam", "at": 5, "payload": json.dumps(told)}
        connection.execute(
            sqlalchemy.text(
                "INSERT INTO turns (id, conversation, at, payload) VALUES (:id, :conversation, :at, :payload)"
            ),
            row,
        )
    engine.dispose()
    with Store.open(url) as store:
        assert store.turn("turn-1") == sample_turn()
        assert store.people.owner("sam") is None
        store.add_turn(sample_turn(id="turn-2", person="sam"))
        assert store.people.owner("sam") == "sam"


def test_a_migration_is_recorded_with_the_version_of_heedful_that_made_it(url: str) -> None:
    Store.open(url).close()
    Store.open(url).close()
    assert run(url, "SELECT revision, heedful FROM schema_history") == [(schema.REVISION, version("heedful"))]


def test_a_migration_that_is_cut_short_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_name: str) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(database, "version", cut)
        with pytest.raises(KeyboardInterrupt):
            Store.open(url)
    assert run(url, "SELECT name FROM sqlite_master") == []
    with Store.open(url) as store:
        store.add_turn(sample_turn())


@pytest.mark.parametrize(
    ("record", "named"),
    [("INSERT INTO schema_history VALUES ('0099', '9.8.7', 0)", "9.8.7"), ("SELECT 1", "of unknown version")],
)
def test_a_store_of_a_newer_heedful_is_refused_naming_both_versions(url: str, record: str, named: str) -> None:
    with Store.open(url) as store:
        store.add_turn(sample_turn())
    run(url, record, f"UPDATE {schema.REVISION_TABLE} SET version_num = '0099'")
    with pytest.raises(StoreError, match="newer Heedful") as caught:
        Store.open(url)
    for part in (f"({named}, schema 0099)", f"Heedful {version('heedful')} (schema {schema.REVISION})", "Upgrade"):
        assert part in str(caught.value)
    run(url, f"UPDATE {schema.REVISION_TABLE} SET version_num = '{schema.REVISION}'")
    with Store.open(url) as store:
        assert store.turn("turn-1") == sample_turn()


def test_a_revision_that_never_was_is_refused(url: str) -> None:
    Store.open(url).close()
    run(url, f"UPDATE {schema.REVISION_TABLE} SET version_num = '0000'")
    with pytest.raises(StoreError, match=r"cannot be brought up to date.*another program"):
        Store.open(url)
    assert run(url, f"SELECT version_num FROM {schema.REVISION_TABLE}") == [("0000",)]


def test_tables_of_another_program_in_the_way_are_left_alone(url: str) -> None:
    run(url, "CREATE TABLE turns (theirs TEXT)", "INSERT INTO turns VALUES ('kept')")
    with pytest.raises(StoreError, match="table turns already exists"):
        Store.open(url)
    assert run(url, "SELECT name FROM sqlite_master") == [("turns",)]
    assert run(url, "SELECT theirs FROM turns") == [("kept",)]


def test_opening_a_store_that_is_up_to_date_does_not_load_alembic(url: str) -> None:
    code = (
        "import sys; from heedful.store.store import Store; Store.open(sys.argv[1]).close(); "
        "print('alembic' in sys.modules)"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True).stdout.strip()
        for _ in range(2)
    ]
    assert told == ["True", "False"]
