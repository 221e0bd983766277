"""The pages of the form of a dataset, filled in as an editor does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ckan.lib.munge import munge_title_to_name
from playwright.sync_api import Page, expect

from tests.e2e.processes import ROOT

FILES = ROOT / "dev" / "demo" / "files"


def choose_standard(page: Page, title: str) -> None:
    """Begin a dataset by the standard of its files.

    Args:
        page: the window.
        title: of the standard.
    """
    page.goto("/dataset/new")
    page.locator("[role=main]").get_by_role("link", name=title, exact=True).click()
    page.locator(".slug-preview").wait_for()  # CKAN's scripts are at work


def describe_dataset(page: Page, title: str, on_each: Callable[[], object] = lambda: None) -> None:
    """Fill in what is compulsory of a public dataset without a standard, up to its first file.

    Args:
        page: the window.
        title: of the dataset.
        on_each: called on each page of the form before it is sent.
    """
    page.goto("/dataset/new?standard=")
    page.locator(".slug-preview").wait_for()
    page.fill("[name=title]", title)
    expect(page.locator("[name=name]")).to_have_value(munge_title_to_name(title))
    page.fill("[name=notes]", "Une ligne par délibération.")
    page.locator("[name=theme][type=checkbox]").first.check()
    go_on_to_file(page, on_each=on_each)


def go_on_to_file(
    page: Page, private: bool = False, on_each: Callable[[], object] = lambda: None
) -> None:
    """Go on from the first page of the form, filled in, to the first file of the dataset.

    Args:
        page: the window.
        private: whether the dataset is private.
        on_each: called on each page of the form before it is sent.
    """
    page.locator("[name=private]").select_option(str(private))
    for following in ("/2", "/3", "/resource/new"):
        on_each()
        page.locator("button.btn-primary[name=save]").click()
        page.wait_for_url(f"**{following}")


def finish(page: Page, file: Path, schema: Path | None = None) -> None:
    """Add a file to the dataset and publish it.

    Args:
        page: the window, on the form of a file.
        file: the file.
        schema: the Table Schema to check it against, for a file that follows no standard.
    """
    page.set_input_files("[name=upload]", file)
    page.fill("[name=name]", "Le fichier")
    if schema is not None:
        page.set_input_files("[name=schema_upload]", schema)
    page.locator("button[name=save][value=go-metadata]").click()
    page.wait_for_load_state()


def send_another_file(page: Page, file: Path) -> None:
    """Put another file in place of the one of a resource.

    Args:
        page: the window, on the form of the resource.
        file: the file.
    """
    page.set_input_files("[name=upload]", file)
    page.locator("form#resource-edit button[name=save]").last.click()
    page.wait_for_load_state()
