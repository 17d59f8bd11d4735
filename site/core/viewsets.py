"""What our viewsets of the Wagtail admin share: views that are left out, rows that not everybody on the staff may see,
and forms whose function may say no.

Wagtail asks for permissions a model at a time, so its list, edit, delete, history and usage views would show every
row to whoever may change one. In a `ScopedViewSet` each of them asks `scope(user)` first: what is not in it is 404.
"""

from collections.abc import Callable, Collection

from django.db.models import QuerySet
from django.http import Http404
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet


class Refusable:
    """For views with a form: what a function refuses stands beside the field that it is about, and the form keeps what
    was typed."""

    refusals: tuple[type[Exception], ...] = ()
    refused_field: str | None = None  # None: above the form

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except self.refusals as refusal:
            self.tell(form, refusal)
        self.produced_error_code, self.produced_error_message = "validation_error", self.get_error_message()
        return self.form_invalid(form)

    def tell(self, form, refusal: Exception) -> None:
        """Write the refusal into the form."""
        form.add_error(self.refused_field, str(refusal))


class PartialViewSet(ModelViewSet):
    """A ModelViewSet without some of its views: `left_out` names them. Copying always is."""

    copy_view_enabled = False
    left_out: Collection[str] = ()

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{f"{name}_url_name": None for name in self.left_out}, **kwargs)

    def get_urlpatterns(self):
        return [url for url in super().get_urlpatterns() if url.name not in self.left_out]


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


class ScopedViewSet(PartialViewSet):
    """A viewset whose `scope(user)` says which rows this user may see and change."""

    index_view_class = _Index
    add_view_class = _Add
    edit_view_class = _Edit
    delete_view_class = _Delete
    history_view_class = _History
    usage_view_class = _Usage
    inspect_view_class = _Inspect

    def scope(self, user) -> QuerySet:
        raise NotImplementedError("A scoped viewset says which rows a user may see.")

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(scope=self.scope, **kwargs)
