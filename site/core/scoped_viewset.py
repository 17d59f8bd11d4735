"""Wagtail's viewset for a model whose rows not everybody on the staff may see.

Wagtail asks for permissions a model at a time, so its list, edit, delete, history and usage views would show every
row to whoever may change one. Here each of them asks `scope(user)` first: what is not in it is 404.
"""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet


class _ScopedObject:
    scope: Callable[..., QuerySet] | None = None

    def get_object(self, *args, **kwargs):
        row = super().get_object(*args, **kwargs)
        if not self.scope(self.request.user).filter(pk=row.pk).exists():
            raise Http404
        return row


class _Index(generic.IndexView):
    scope: Callable[..., QuerySet] | None = None

    def get_base_queryset(self):
        return super().get_base_queryset().filter(pk__in=self.scope(self.request.user).values("pk"))


class _Add(generic.CreateView):
    scope: Callable[..., QuerySet] | None = None


class _Edit(_ScopedObject, generic.EditView):
    pass


class _Delete(_ScopedObject, generic.DeleteView):
    pass


class _History(_ScopedObject, history.HistoryView):
    pass


class _Usage(_ScopedObject, usage.UsageView):
    pass


class _Inspect(_ScopedObject, generic.InspectView):
    pass


class ScopedViewSet(ModelViewSet):
    """A ModelViewSet whose `scope(user)` says which rows this user may see and change. Copying is left out."""

    index_view_class = _Index
    add_view_class = _Add
    edit_view_class = _Edit
    delete_view_class = _Delete
    history_view_class = _History
    usage_view_class = _Usage
    inspect_view_class = _Inspect
    copy_view_enabled = False

    def scope(self, user) -> QuerySet:
        raise NotImplementedError("A scoped viewset says which rows a user may see.")

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(scope=self.scope, **kwargs)
