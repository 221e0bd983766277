"""Set-up of the tests of the changes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model


@pytest.fixture
def from_one(clean_db: None) -> None:
    """The first change has the number 1."""
    model.Session.execute(sa.text("ALTER SEQUENCE heraultdata_dcat_change_id_seq RESTART"))
    model.Session.commit()
