"""Rows of this room: reports, what was decided and what became of it, notes between moderators, sanctions, and
how often somebody did something lately."""

from community.safety.models.decisions import Appeal, Decision
from community.safety.models.reports import Disclosure, Report
from community.safety.models.sanctions import Note, Sanction
from community.safety.models.tallies import Tally

__all__ = ["Appeal", "Decision", "Disclosure", "Note", "Report", "Sanction", "Tally"]
