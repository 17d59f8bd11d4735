"""The association that runs the site, for every template: `{% load association %}{% association as association %}`."""

from django import template

from core.models import Association

register = template.Library()


@register.simple_tag(takes_context=True)
def association(context) -> Association:
    """Name, looks and words of the association: one query a request, however often it is asked for."""
    request = context.get("request")
    return Association.current() if request is None else Association.for_request(request)
