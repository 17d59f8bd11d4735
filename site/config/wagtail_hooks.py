"""A warning on the admin's home page when the job queue needs somebody to look at it."""

from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.ui.components import Component

from config import backlog


class QueueWarning(Component):
    """Shown to those who run the site, and only when something is wrong."""

    name = "queue_warning"
    order = 10
    template_name = "config/admin/queue_warning.html"

    @cached_property
    def state(self) -> backlog.QueueState:
        return backlog.state()

    def get_context_data(self, parent_context):
        return {"state": self.state}


@hooks.register("construct_homepage_panels")
def warn_of_the_queue(request, panels):
    if not request.user.is_superuser:
        return
    warning = QueueWarning()
    if warning.state.needs_a_person:
        panels.append(warning)
