from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The one path that mail takes."""

    name = "community.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from community.members import letters  # models are ready only now
        from community.notices import kinds, outbox

        letters.carried_by(queue=outbox.queue, queue_words=outbox.queue_words)
        for name, (template, context) in letters.KINDS.items():
            kinds.register(kinds.Kind(name, template, context))
