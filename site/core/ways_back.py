"""Where somebody came from, as a form or an address names it in `next`."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The path on this site that `next` names; `otherwise` where it names none, or another site."""
    target = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else otherwise
