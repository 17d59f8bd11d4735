"""Rows of this room: reports, what was decided and what became of it, notes between moderators, and sanctions."""

from community.safety.models.decisions import Appeal, Decision
from community.safety.models.reports import Disclosure, Report
from community.safety.models.sanctions import Note, Sanction

__all__ = ["Appeal", "Decision", "Disclosure", "Note", "Report", "Sanction"]
