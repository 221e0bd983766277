"""A DataStore without tables, and tables in it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action
from ckanext.datastore.backend import postgres

from ckanext.heraultdata.withdrawals import tables
from tests.withdrawals import making

ROWS = [{"commune": "Lodève", "habitants": 7426}, {"commune": "Gignac", "habitants": 6500}]


@pytest.fixture
def clean_tables() -> None:
    """Leave no table of a test before in the DataStore."""
    with postgres.get_write_engine().begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {tables.SCHEMA} CASCADE"))
        left = connection.scalars(
            sa.text(
                "SELECT relname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace "
                "WHERE nspname = 'public' AND relkind = 'r' AND relname NOT LIKE '\\_%'"
            )
        ).all()
        for name in left:
            connection.execute(sa.text(f'DROP TABLE public."{name}" CASCADE'))


def table(resource_id: str, **fields: Any) -> None:
    """Give a resource a table with a key and an index."""
    call_action(
        "datastore_create",
        context=making.site_context(),
        resource_id=resource_id,
        force=True,
        fields=[{"id": "commune", "type": "text"}, {"id": "habitants", "type": "int"}],
        records=ROWS,
        primary_key=["commune"],
        indexes=["habitants"],
        **fields,
    )
