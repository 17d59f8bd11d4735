"""The checklist that staff see while the site is new. Each room registers its own steps in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class FirstStep:
    """One thing to do on a new site. `done()` asks the database, `url()` says where it is done."""

    label: str
    url: Callable[[], str]
    done: Callable[[], bool]
    order: int


_steps: list[FirstStep] = []


def register(label: str, url: Callable[[], str], done: Callable[[], bool], *, order: int = 100) -> None:
    """Add a step. Both functions are called when the list is shown; smaller orders come first."""
    _steps.append(FirstStep(label, url, done, order))


def checklist() -> list[tuple[FirstStep, bool]]:
    """All steps in order, each with whether it is done."""
    return [(step, step.done()) for step in sorted(_steps, key=lambda step: step.order)]


def has_rows(rows: models.QuerySet) -> Callable[[], bool]:
    """For `done`: whether there is at least one of these rows by then."""
    return lambda: rows.all().exists()
