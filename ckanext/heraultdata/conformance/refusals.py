"""Why a record about deadlines is refused, in sentences that say the way out."""

from __future__ import annotations

from collections.abc import Sequence

from ..messages import N_, Message
from ..standards.registry import StandardRecord, VersionRecord
from .recorded import AbsenceRecord, ExtensionRecord

NO_REASON = Message(N_("Say why more time is refused: the partner reads this reason."))

NOT_OF_A_PARTNER = Message(
    N_(
        "This dataset belongs to no partner: conformity is declared for the datasets of partners "
        "and of the département only."
    )
)


def nothing_published(standard: StandardRecord) -> Message:
    """The standard has no published version."""
    return Message(
        N_("“{standard}” has no published version yet: nothing is asked of anybody."),
        {"standard": standard.title},
    )


def not_published(
    standard: StandardRecord, number: str, published: Sequence[VersionRecord]
) -> Message:
    """The standard has no published version of this number."""
    return Message(
        N_("“{standard}” has no published version {version}: choose one of {published}."),
        {
            "standard": standard.title,
            "version": number,
            "published": ", ".join(version.version for version in published),
        },
    )


def not_followed(standard: StandardRecord) -> Message:
    """The partner has no dataset of the standard, and owes none."""
    return Message(
        N_(
            "This partner has no dataset that follows “{standard}” and owes none: there is no "
            "due date to move."
        ),
        {"standard": standard.title},
    )


def waits_already(version: VersionRecord) -> Message:
    """Another request for the version waits."""
    return Message(
        N_(
            "More time was asked for version {version} already: that request must be decided "
            "before another one."
        ),
        {"version": version.version},
    )


def decided_already(extension: ExtensionRecord) -> Message:
    """Somebody decided before."""
    template = (
        N_("This request was granted on {day} already: ask for more time again instead.")
        if extension.granted
        else N_("This request was refused on {day} already: ask for more time again instead.")
    )
    return Message(template, {"day": extension.decided_on})


def overtaken(why: Message) -> Message:
    """The rules do not allow any more what was asked for."""
    return Message(
        N_("This request cannot be granted any more; refuse it, with a reason. {why}"),
        {"why": why},
    )


def no_such_file(standard: StandardRecord) -> Message:
    """No file of the dataset follows the standard."""
    return Message(
        N_(
            "No file of this dataset follows “{standard}”: choose the standard in the form of "
            "the file first."
        ),
        {"standard": standard.title},
    )


def checked_already(standard: StandardRecord, version: VersionRecord) -> Message:
    """The check decides."""
    return Message(
        N_(
            "Each file of this dataset was checked against version {version} of “{standard}”: "
            "the check decides. See its report, and mend the file where it does not conform."
        ),
        {"standard": standard.title, "version": version.version},
    )


def not_concerned(standard: StandardRecord) -> Message:
    """The standard does not concern partners of this type."""
    return Message(
        N_(
            "“{standard}” does not concern partners of this type: there is nothing to answer "
            "for this one."
        ),
        {"standard": standard.title},
    )


def has_a_dataset(standard: StandardRecord) -> Message:
    """The partner holds such data after all."""
    return Message(
        N_(
            "This partner has a dataset that follows “{standard}”: it cannot say that it holds "
            "no such data. Withdraw the dataset first, or take the standard off its files."
        ),
        {"standard": standard.title},
    )


def absent_already(standard: StandardRecord, absence: AbsenceRecord) -> Message:
    """The same answer counts still."""
    return Message(
        N_(
            "This partner answered already that it holds no data for “{standard}”: the answer "
            "counts until {ends_on}."
        ),
        {"standard": standard.title, "ends_on": absence.ends_on},
    )


def ended_already(absence: AbsenceRecord) -> Message:
    """The answer counts no more."""
    return Message(
        N_("This answer counts no more since {ends_on}: there is nothing to take back."),
        {"ends_on": absence.ends_on},
    )
