"""What a partner declares: its data conforms though no program checked it, or it holds none.

Each transition locks, checks, writes and journals in one transaction. Design, section 2,
"Conformance"; article 5 of the convention.
"""

from __future__ import annotations

from datetime import date, datetime

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from .. import clock
from ..journal import service as journal
from ..messages import RuleError
from ..partners import service as partners
from ..standards.obliged import standard_of_resource
from ..standards.registry import StandardRecord, VersionRecord
from ..validation.checks import held
from ..validation.checks.model import Check, HeldFile
from . import deadlines, recorded, refusals, tracker
from .model import Absence, Declaration
from .recorded import AbsenceRecord, DeclarationRecord
from .service import published_version

DECLARABLE_STATES = (model.State.ACTIVE, "draft")
"""States of a dataset whose conformity is declared: a draft becomes public afterwards."""


def declarable(
    package_id: str, standard: StandardRecord, version: str, today: date
) -> VersionRecord:
    """The version that the files of a dataset may be declared to conform to.

    Args:
        package_id: the dataset.
        standard: the standard that files of it follow.
        version: the number of a published version.
        today: the date in Paris.

    Raises:
        RuleError: it is no dataset of the convention, follows another standard, or was checked.
    """
    package = model.Session.scalars(
        sa.select(model.Package)
        .where(model.Package.id == package_id, model.Package.state.in_(DECLARABLE_STATES))
        .with_for_update(read=True, key_share=True)
    ).first()
    owner = package.owner_org if package else None
    if owner is None or not partners.follows_the_convention(owner):
        raise RuleError("package_id", refusals.NOT_OF_A_PARTNER)
    due = deadlines.on(today, [standard.name], [owner])
    published = published_version(due, standard, version)
    _refuse_checked(package_id, standard, published)
    return published


def declare_conformity(
    package_id: str,
    standard: StandardRecord,
    version: str,
    grounds: str,
    actor: journal.Actor,
    now: datetime,
) -> DeclarationRecord:
    """Record a person's word that the files of a dataset conform to a version.

    It counts for the files that no program checked: where there is a check, the check decides.

    Args:
        package_id: the dataset.
        standard: the standard that files of it follow.
        version: the number of a published version.
        grounds: what the word rests on.
        actor: who declares.
        now: the moment, with a zone.

    Raises:
        RuleError: the rules do not allow it; nothing is written.
    """
    today = clock.date_in_paris(now)
    published = declarable(package_id, standard, version, today)
    row = Declaration(
        id=make_uuid(),
        package_id=package_id,
        version_id=published.id,
        grounds=grounds,
        declared_on=today,
        declared_by=actor.user_id,
    )
    model.Session.add(row)
    model.Session.flush()
    made = recorded.declaration(row.id)
    told = {"standard": made.standard, "version": made.version, "grounds": made.grounds}
    subject = journal.Subject("declaration", made.id, made.organization_id)
    journal.record(actor, "declaration.created", subject, now, after=told)
    model.Session.commit()
    return made


def refuse_absence(organization_id: str, standard: StandardRecord, today: date) -> None:
    """Refuse the answer that a partner holds no data of a standard, where it makes no sense.

    Args:
        organization_id: the partner.
        standard: the standard.
        today: the date in Paris.

    Raises:
        RuleError: nothing is asked of the partner, it has such data, or the answer counts already.
    """
    partners.require_partner(organization_id)
    found = tracker.on(today, tracker.Wanted([organization_id], standard.name))
    if standard.name not in found.deadlines.standards:
        raise RuleError("standard", refusals.nothing_published(standard))
    if partners.get(organization_id).partner_type not in standard.concerns:
        raise RuleError("standard", refusals.not_concerned(standard))
    if any(standing.package_id for standing in found.standings):
        raise RuleError("standard", refusals.has_a_dataset(standard))
    _refuse_second_absence(organization_id, standard, today)


def declare_absence(
    organization_id: str, standard: StandardRecord, reason: str, actor: journal.Actor, now: datetime
) -> AbsenceRecord:
    """Record a partner's answer that it holds no data of a standard; it counts for a year.

    Args:
        organization_id: the partner.
        standard: the standard.
        reason: why it holds none.
        actor: who answers.
        now: the moment, with a zone.

    Raises:
        RuleError: the rules do not allow it; nothing is written.
    """
    partners.lock(organization_id)
    today = clock.date_in_paris(now)
    refuse_absence(organization_id, standard, today)
    row = Absence(
        id=make_uuid(),
        organization_id=organization_id,
        standard_id=standard.id,
        reason=reason,
        declared_on=today,
        declared_by=actor.user_id,
    )
    model.Session.add(row)
    model.Session.flush()
    made = recorded.absence(row.id)
    subject = journal.Subject("absence", made.id, organization_id)
    journal.record(actor, "absence.created", subject, now, after=_absence_told(made))
    model.Session.commit()
    return made


def end_absence(absence_id: str, actor: journal.Actor, now: datetime) -> AbsenceRecord:
    """Take back the answer that a partner holds no data: it counts no more from today.

    Args:
        absence_id: the absence.
        actor: who takes it back.
        now: the moment, with a zone.

    Raises:
        RecordNotFoundError: there is none of that identifier.
        RuleError: it does not run any more.
    """
    partners.lock(recorded.absence(absence_id).organization_id)
    today = clock.date_in_paris(now)
    before = recorded.absence(absence_id)
    if not before.runs_on(today):
        raise RuleError("id", refusals.ended_already(before))
    model.Session.execute(sa.update(Absence).where(Absence.id == absence_id).values(ended_on=today))
    after = recorded.absence(absence_id)
    subject = journal.Subject("absence", after.id, after.organization_id)
    told = (_absence_told(before), _absence_told(after))
    journal.record(actor, "absence.deleted", subject, now, *told)
    model.Session.commit()
    return after


def _refuse_checked(package_id: str, standard: StandardRecord, version: VersionRecord) -> None:
    """Refuse a word on files that do not follow the standard, or that a program checked."""
    files = (
        sa.select(model.Resource.id, Check.resource_id.label("checked_id"))
        .outerjoin(
            Check,
            sa.and_(
                Check.resource_id == model.Resource.id,
                Check.version_id == version.id,
                Check.held_file_id.is_(None),
            ),
        )
        .where(
            model.Resource.package_id == package_id,
            model.Resource.state == model.State.ACTIVE,
            standard_of_resource() == standard.name,
        )
    )
    found = model.Session.execute(files).all()
    if found and all(row.checked_id for row in found):
        raise RuleError("version", refusals.checked_already(standard, version))
    if not found and not _is_kept_aside(package_id, standard):
        raise RuleError("standard", refusals.no_such_file(standard))


def _is_kept_aside(package_id: str, standard: StandardRecord) -> bool:
    """Whether a file of the standard waits outside the dataset for somebody's word."""
    waiting = sa.select(HeldFile.id).where(
        HeldFile.package_id == package_id,
        HeldFile.state == held.State.REFUSED.value,
        HeldFile.resource["standard"].astext == standard.name,
    )
    return bool(model.Session.scalar(sa.select(waiting.exists())))


def _refuse_second_absence(organization_id: str, standard: StandardRecord, today: date) -> None:
    wanted = recorded.RecordFilter([organization_id], standard.name)
    for absence in recorded.absences(wanted)[1]:
        if absence.runs_on(today):
            raise RuleError("standard", refusals.absent_already(standard, absence))


def _absence_told(absence: AbsenceRecord) -> dict[str, object]:
    return {
        "standard": absence.standard,
        "reason": absence.reason,
        "ends_on": clock.iso(absence.ends_on),
    }
