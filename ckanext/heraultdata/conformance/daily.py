"""What is done each day: files checked again, withdrawals kept up, one mail for each person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Flask

from .. import clock
from ..conventions import mails as convention_mails
from ..datasets import file_facts
from ..dcat.pieces import refreshing
from ..dcat.pieces import upkeep as catalogue
from ..mailing.composing import Mail, compose
from ..mailing.letters import Letter, Line
from ..mailing.service import NotSentError, letters_to_send, reading_in, send
from ..withdrawals import mails as withdrawal_mails
from ..withdrawals import platform_mails, upkeep
from . import digest, rechecking, reminders, tracker

log = logging.getLogger(__name__)

_FILES_AT_ONCE = 500

Say = Callable[[str], None]
"""Told how far the work is."""


@dataclass
class Summary:
    """What was done, or would be.

    Attributes:
        files: files given to the worker.
        mails: mails sent.
        lines: lines in them.
        failures: mails that were refused and parts of the work that stopped, tried again next time.
        waiting: what withdrawals still wait for.
        datasets: datasets of the catalogue that were serialised.
    """

    files: int = 0
    mails: int = 0
    lines: int = 0
    failures: int = 0
    waiting: upkeep.Waiting | None = None
    datasets: int = 0


@dataclass(frozen=True)
class Run:
    """One run of the daily work.

    Attributes:
        application: CKAN's Flask application.
        now: the moment, with a zone.
        say: told what was done.
        complain: told what failed.
    """

    application: Flask
    now: datetime
    say: Say
    complain: Say

    @property
    def today(self) -> date:
        """The date in Paris."""
        return clock.date_in_paris(self.now)

    def do(self) -> Summary:
        """Do all the work; what fails stops nothing else."""
        done = Summary()
        self._check_again(done)
        self._keep_up_withdrawals(done)
        self._keep_up_catalogue(done)
        letters = self._letters(done)
        for rank, letter in enumerate(letters, start=1):
            self._send(letter, done, f"{rank}/{len(letters)}")
        return done

    def show(self) -> Summary:
        """Show all that would be done, each mail whole, and write nothing."""
        done = Summary()
        for letter in self._letters(done):
            with reading_in(self.application, letter.wishes.locale):
                self.say(_whole(letter, compose(letter)))
            done.mails += 1
            done.lines += len(letter.lines)
        done.files = len(rechecking.files_to_check(self.today, self.now))
        done.waiting = upkeep.waiting(self.now)
        done.datasets = refreshing.stale()
        model.Session.rollback()
        return done

    def _check_again(self, done: Summary) -> None:
        try:
            files = rechecking.files_to_check(self.today, self.now)
            for start in range(0, len(files), _FILES_AT_ONCE):
                some = files[start : start + _FILES_AT_ONCE]
                rechecking.check_again(some, self.now)
                done.files += len(some)
                self.say(f"Files to check again: {done.files}/{len(files)}")
        except Exception as failure:
            self._note("Files were not all given to be checked", failure, done)

    def _keep_up_withdrawals(self, done: Summary) -> None:
        for what_failed, step in upkeep.steps(self.now, self.say):
            try:
                step()
            except Exception as failure:
                self._note(what_failed, failure, done)
        done.waiting = upkeep.waiting(self.now)

    def _keep_up_catalogue(self, done: Summary) -> None:
        try:
            file_facts.fill_missing(self.say)
            done.datasets = catalogue.refresh(self.application, self.today, self.say)
        except Exception as failure:
            self._note("The catalogue is not all up to date", failure, done)

    def _letters(self, done: Summary) -> list[Letter]:
        with reading_in(self.application, tk.config["ckan.locale_default"]):
            lines = [*self._lines(done)]
            return letters_to_send(lines, self.today)

    def _lines(self, done: Summary) -> Iterator[Line]:
        try:
            yield from [*convention_mails.lines(self.today)]
        except Exception as failure:
            self._note("Nothing is told about conventions", failure, done)
        try:
            yield from [*withdrawal_mails.lines(self.today, self.now)]
            yield from [*platform_mails.lines(self.today)]
        except Exception as failure:
            self._note("Nothing is told about withdrawals", failure, done)
        try:
            found = tracker.on(self.today)
            yield from [*digest.lines(found), *reminders.lines(found)]
        except Exception as failure:
            self._note("Nothing is told about standards", failure, done)

    def _send(self, letter: Letter, done: Summary, place: str) -> None:
        try:
            with reading_in(self.application, letter.wishes.locale):
                went = send(letter, self.today, self.now)
                platform_mails.note_sent(went, self.now)
        except NotSentError as failure:
            self.complain(f"Not sent: {failure}")
            done.failures += 1
        except Exception as failure:
            self._note(f"Not sent: {letter.recipient.address}", failure, done)
        else:
            if went:
                self.say(f"{place} {letter.recipient.address}: {len(went)} lines")
                done.mails += 1
                done.lines += len(went)

    def _note(self, what: str, failure: Exception, done: Summary) -> None:
        model.Session.rollback()
        log.exception(what)
        self.complain(f"{what}: {failure!r}")
        done.failures += 1


def _whole(letter: Letter, mail: Mail) -> str:
    to = f"To: {letter.recipient.name} <{letter.recipient.address}>"
    return f"{to}\nSubject: {mail.subject}\n\n{mail.text}{'=' * 72}"
