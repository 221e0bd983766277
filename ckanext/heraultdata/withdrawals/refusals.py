"""Why a step of a withdrawal is refused, in sentences that say the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..messages import N_, Message, quoted
from .kinds import ItemState

_MOST_NAMED = 5

NO_REASON_OF_DEPARTMENT = Message(
    N_(
        "Say why: the département may cease to publish data only with a reason, which the "
        "partner reads (article 9.1)."
    )
)
ALL_TAKES_NO_IDS = Message(
    N_(
        "The scope “all” covers every dataset of the partner: leave this out, or choose the scope "
        "“datasets” or “resources”."
    )
)
NO_FILES_TAKEN = Message(
    N_("The scope “datasets” takes no files: leave this out, or choose the scope “resources”.")
)
NO_DATASET_CHOSEN = Message(N_("Choose at least one dataset to withdraw."))
NO_FILE_CHOSEN = Message(N_("Choose at least one file to withdraw."))
NO_DATASET_AT_ALL = Message(
    N_("This partner has no dataset that could be withdrawn: there is nothing to ask for.")
)
NO_CALL = Message(
    N_("Only a request made by telephone is confirmed in writing: this one can be executed as is.")
)
NOT_CONFIRMED = Message(
    N_(
        "This request was made by telephone: record the letter or the mail that confirms it "
        "first, then execute it."
    )
)
NO_ITEM_CHOSEN = Message(N_("Choose at least one item to restore."))
NOT_EXECUTED = Message(
    N_("Only what is withdrawn can be erased: execute this request first, or cancel it.")
)
NOTHING_WITHDRAWN = Message(
    N_("Nothing of this request is withdrawn any more: there is nothing to erase.")
)
ITEMS_OF_ANOTHER_REQUEST = Message(
    N_("One of these items is not of this request: choose among the items that it shows.")
)
ASKED_AT_ONCE = Message(
    N_(
        "Somebody has just asked for the withdrawal of one of these items: see the list of "
        "requests, and leave it out of this one."
    )
)
ONLY_PORTAL = Message(
    N_(
        "channel: a partner asks by the form of the portal (“portal”). Only the département "
        "records a letter, a mail or a call."
    )
)
ONLY_PARTNER = Message(
    N_(
        "initiative: a partner asks by its own initiative (“partner”). Only the département "
        "decides by article 9.1."
    )
)
ONLY_DEPARTMENT_CANCELS = Message(
    N_("The département decided this withdrawal by itself (article 9.1): only it can cancel it.")
)
RECEIVED_TODAY = Message(
    N_(
        "received_on: a request made on the portal is received on the day on which it is made. "
        "Leave this date out."
    )
)

_ITEM_STATES: Mapping[ItemState, str] = {
    ItemState.ASKED: N_("One of these items is on line still: there is nothing to restore."),
    ItemState.SUSPENDED: N_(
        "One of these items is suspended and not withdrawn: cancel the request or declare it "
        "inadmissible, which opens access again."
    ),
    ItemState.RELEASED: N_("One of these items is on line: there is nothing to restore."),
    ItemState.RESTORED: N_("One of these items was restored already."),
    ItemState.ERASED: N_("One of these items was erased: nobody can bring it back."),
}


def ahead(day: date) -> Message:
    """A day that has not come yet."""
    return Message(N_("{day} lies ahead: give the day on which it came."), {"day": day})


def before_the_call(received_on: date) -> Message:
    """A writing older than the call that it is to confirm."""
    return Message(
        N_("The call was received on {day}: its confirmation cannot be older."),
        {"day": received_on},
    )


def confirmed_already(confirmed_on: date) -> Message:
    """The writing is there."""
    return Message(
        N_("This request was confirmed in writing on {day} already: it can be executed."),
        {"day": confirmed_on},
    )


def executed_already(reference: str, executed_on: date) -> Message:
    """The data are withdrawn."""
    return Message(
        N_(
            "Request {reference} was executed on {day} already: what it covers is withdrawn, and "
            "can be restored."
        ),
        {"reference": reference, "day": executed_on},
    )


def cancelled_already(reference: str) -> Message:
    """The partner took it back."""
    return Message(
        N_("Request {reference} was cancelled: make a new one to withdraw these data."),
        {"reference": reference},
    )


def inadmissible_already(reference: str) -> Message:
    """The département refused it."""
    return Message(
        N_("Request {reference} was declared inadmissible: make a new one to withdraw these data."),
        {"reference": reference},
    )


def not_withdrawn(state: ItemState) -> Message:
    """The item cannot be put back.

    Args:
        state: any but `withdrawn`.
    """
    return Message(_ITEM_STATES[state])


def erasing(erase_on: date) -> Message:
    """Too late to restore."""
    return Message(
        N_("These items are being erased since {day}: nobody can bring them back."),
        {"day": erase_on},
    )


def erasing_ordered(erase_on: date) -> Message:
    """The order was given."""
    return Message(
        N_("It was ordered already to erase these items on {day}: restoring them lifts the order."),
        {"day": erase_on},
    )


def wrong_reference(reference: str) -> Message:
    """Something else was typed."""
    return Message(
        N_("Type the reference of this request, {reference}, to confirm that you erase its data."),
        {"reference": reference},
    )


def no_such_datasets(named: Sequence[str]) -> Message:
    """The partner has none of these datasets.

    Args:
        named: what the caller typed.
    """
    return Message(
        N_(
            "This partner has no dataset {named} that could be withdrawn: give identifiers or "
            "names of its published datasets; a draft can simply be deleted."
        ),
        {"named": _listed(named)},
    )


def no_such_files(named: Sequence[str]) -> Message:
    """The partner, or the datasets named, have none of these files.

    Args:
        named: what the caller typed.
    """
    return Message(
        N_(
            "There is no file {named} in the datasets of this request: give identifiers of files "
            "of this partner, and of the datasets named, if any."
        ),
        {"named": _listed(named)},
    )


def moved(titles: Sequence[str]) -> Message:
    """Datasets that passed to another organisation since they were asked for.

    Args:
        titles: of these datasets.
    """
    return Message(
        N_(
            "These datasets are another organisation's since they were asked for: {titles}. "
            "Declare this request inadmissible, and have a new one made."
        ),
        {"titles": _listed(titles)},
    )


def live_already(titles: Sequence[str], references: Sequence[str], withdrawn: bool) -> Message:
    """Another request holds some of what is asked for.

    Args:
        titles: of these items.
        references: of the other requests.
        withdrawn: whether all of these items are withdrawn.
    """
    template = (
        N_("Withdrawn already, by {references}: {titles}. Leave it out of this request.")
        if withdrawn
        else N_(
            "The withdrawal was asked for already, in {references}: {titles}. Leave it out, or "
            "have that request executed or cancelled first."
        )
    )
    return Message(template, {"titles": _listed(titles), "references": ", ".join(references)})


def _listed(names: Sequence[str]) -> Message:
    listed, *others = (quoted(name[:100]) for name in names[:_MOST_NAMED])
    for other in others:
        listed = Message(N_("{listed}, {name}"), {"listed": listed, "name": other})
    more = len(names) - _MOST_NAMED
    if more <= 0:
        return listed
    return Message(N_("{listed}… (and {n} more)"), {"listed": listed, "n": more})
