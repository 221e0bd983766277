"""The migrations go up and down, and make what the models say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.heraultdata.conformance.model import (
    Absence,
    CalendarFeed,
    Declaration,
    Extension,
)
from ckanext.heraultdata.conventions.model import (
    Convention,
    ConventionDocument,
    ConventionEvent,
)
from ckanext.heraultdata.database import engine
from ckanext.heraultdata.dcat.model import CatalogueChange, CataloguePiece
from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.mailing.model import MailPreference, SentNotice
from ckanext.heraultdata.partners.model import Referent
from ckanext.heraultdata.standards.model import (
    Standard,
    StandardComment,
    StandardVersion,
)
from ckanext.heraultdata.validation.checks.model import Check, HeldFile
from ckanext.heraultdata.withdrawals.model import (
    BeenPublic,
    Followup,
    FormerFile,
    FormerName,
    Platform,
    Withdrawal,
    WithdrawalItem,
    WithdrawalMessage,
    WithdrawalPaper,
    WithdrawalWork,
    WithdrawnFile,
)

MODELS = (
    CatalogueChange,
    CataloguePiece,
    BeenPublic,
    Followup,
    FormerFile,
    FormerName,
    Platform,
    Withdrawal,
    WithdrawalItem,
    WithdrawalMessage,
    WithdrawalPaper,
    WithdrawalWork,
    WithdrawnFile,
    Check,
    HeldFile,
    Standard,
    StandardComment,
    StandardVersion,
    Absence,
    CalendarFeed,
    Declaration,
    Extension,
    Convention,
    ConventionDocument,
    ConventionEvent,
    JournalEntry,
    Referent,
    MailPreference,
    SentNotice,
)

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

Migrate = Callable[..., None]


@pytest.fixture
def migrate(migrate_db_for: Migrate) -> Iterator[Migrate]:
    """Migrate up or down; the other tests find the tables again, whatever happens."""
    model.Session.remove()
    yield migrate_db_for
    migrate_db_for("heraultdata")


def our_tables() -> set[str]:
    names = sa.inspect(engine()).get_table_names()
    return {name for name in names if name.startswith("heraultdata_")} - {
        "heraultdata_alembic_version"
    }


def test_up_and_down(migrate: Migrate) -> None:
    assert our_tables() == {table.__table__.name for table in MODELS}
    migrate("heraultdata", "base", False)
    assert our_tables() == set()
    with engine().connect() as connection:
        left = connection.execute(
            sa.text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'heraultdata_%'")
        ).scalar()
    assert left == 0
    migrate("heraultdata")
    assert our_tables() == {table.__table__.name for table in MODELS}


@pytest.mark.parametrize("mapped", MODELS, ids=lambda mapped: mapped.__name__)
def test_the_tables_are_what_the_models_say(mapped: type) -> None:
    table: sa.Table = mapped.__table__  # type: ignore[attr-defined]
    found = sa.inspect(engine()).get_columns(table.name)
    said = {c.name: (str(c.type.compile(engine().dialect)), c.nullable) for c in table.c}
    made = {c["name"]: (str(c["type"].compile(engine().dialect)), c["nullable"]) for c in found}
    assert made == said
