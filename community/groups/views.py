from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.groups import home, listing
from community.groups.doors import Door
from community.groups.models import Group


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Groups that the reader may know of: their own first, then all by kind and region, a page at a time."""
    try:
        choice = listing.read(request.GET, request.user)
    except ValueError as error:
        raise Http404 from error
    own = listing.own(request.user, choice)
    others = listing.Page([], has_next=False) if choice.mine else listing.others(request.user, choice)
    page = own if choice.mine else others
    if choice.page > 1 and not page.cards:
        raise Http404
    kinds = [("", _("All")), *Group.Kind.choices]
    context = {
        "choice": choice,
        "own": own,
        "others": others,
        "places": listing.places(request.user, choice),
        "kinds": [(label, choice.query(kind=kind), choice.kind == kind) for kind, label in kinds],
        "all_of_mine": choice.query(mine=True),
        "every_group": choice.query(mine=False),
        "previous": choice.query(page=choice.page - 1) if choice.page > 1 else "",
        "following": choice.query(page=choice.page + 1) if page.has_next else "",
    }
    return render(request, "groups/group_list.html", context)


@require_safe
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group's home: a public page for a chapter, and more for those inside."""
    group = home.find(slug, request.user)
    if group is None:
        raise Http404
    found = home.of(group, request.user)
    return render(request, "groups/group.html", {"group": group, "home": found, "glass": found.glass, "Door": Door})
