"""How a row of the database becomes an instance of a model with what was selected beside it: worked out once a shape.

Django asks a model's `__init__` for every row, which sets one field after the other. Where a model adds nothing to
that, the values of a row are the instance's `__dict__`, and that is what `Maker` gives it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.files import FileDescriptor
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

# What a value is under, and does nothing to it that a new instance would need.
PLAIN = (DeferredAttribute, FileDescriptor)


def holds_file(instance: Model, name: str) -> bool:
    """Whether a file field holds one, without the FieldFile that reading the field makes: in lists few do."""
    stored = vars(instance).get(name)
    return bool(getattr(instance, name) if stored is None else stored)


class Unmakeable(TypeError):
    """A model whose instances are left to the QuerySet."""


class Maker:
    """Makes instances of one model from a stretch of a row, as `ModelIterable` does: with annotations, with related
    rows, and with the fields that were left out deferred."""

    def __init__(self, klass_info: Mapping[str, Any], select: Sequence, annotations: Iterable = ()) -> None:
        """Takes what a compiler has under these names. Raises Unmakeable where a model has its parent's rows
        in another stretch."""
        if klass_info.get("from_parent"):
            raise Unmakeable
        columns = klass_info["select_fields"]
        self.model: type[Model] = klass_info["model"]
        self.start, self.end = columns[0], columns[-1] + 1
        self.names = [select[column][0].target.attname for column in columns]
        self.key = self.start + self.names.index(self.model._meta.pk_fields[0].attname)
        self.annotations = tuple(annotations)
        self.related: list[tuple[Maker, Callable, Callable]] = [
            (Maker(info, select), info["local_setter"], info["remote_setter"])
            for info in klass_info.get("related_klass_infos", ())
        ]
        self.is_plain = _is_plain(self.model, self.names)

    def make(self, row: Sequence) -> Model | None:
        """The instance; None where a related row is missing."""
        if row[self.key] is None:
            return None
        values = row[self.start : self.end]
        if self.is_plain:
            made = self.model.__new__(self.model)
            made._state = state = ModelState()
            state.adding, state.db = False, DEFAULT_DB_ALIAS
            made.__dict__.update(zip(self.names, values, strict=True))
        else:
            made = self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)
        for maker, set_here, set_there in self.related:
            other = maker.make(row)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made


def _is_plain(model: type[Model], names: Iterable[str]) -> bool:
    """Whether nobody but Django has a word in how instances of the model begin."""
    is_own = model.__init__ is not Model.__init__ or model.from_db.__func__ is not Model.from_db.__func__  # type: ignore[attr-defined] # a class method
    is_heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return not (is_own or is_heard) and all(isinstance(getattr(model, name), PLAIN) for name in names)
