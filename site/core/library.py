"""Who may have a file of the library: everybody, unless it lies in a private collection of the Wagtail admin."""

from wagtail.models import Collection, CollectionViewRestriction
from wagtail.permissions import policy_registry

from core.documents import content_type_of
from core.files import Served
from core.models import SiteDocument


def is_public(collection: Collection) -> bool:
    """Whether neither this collection nor one above it is private."""
    path, step = collection.path, collection.steplen
    line = [path[:end] for end in range(step, len(path) + 1, step)]
    return not CollectionViewRestriction.objects.filter(collection__path__in=line).exists()


def may_work_with(user, item) -> bool:
    """Whether `user` chooses or changes this image or document in the admin."""
    policy = policy_registry.get_by_type(type(item))
    return user.is_authenticated and policy.user_has_any_permission_for_instance(user, ["change", "choose"], item)


def document_for(user, name: str) -> Served | None:
    """Documents are for everybody; those of a private collection for those who work with them."""
    document = SiteDocument.objects.filter(file=name).select_related("collection").first()
    if document is None:
        return None
    is_private = not is_public(document.collection)
    if is_private and not may_work_with(user, document):
        return None
    return Served(document.filename, content_type_of(document.filename), is_private)
