"""The first version of both texts, so that nobody signs up to nothing. They say themselves that they are templates."""

from django.db import migrations
from django.utils import timezone

PRIVACY_NOTICE = """\
*This is a template that came with the software. The association has to replace it with its own notice, checked by somebody who knows the law where it works.*

## What we keep

Your name, your e-mail address and your password in a form that cannot be read back. What you add to your profile: discipline, credentials, the place you work in, a picture, a few words about you. If you ask us to check your license, its number, where it was issued and the day we checked it. What you write here, the groups you belong to, the events you say you will come to and the ones you came to.

You need not add a picture, a biography or your pronouns, and you can leave yourself out of the list of people.

## What for

To let colleagues find each other, to send you the letters you asked for, and to keep the site safe. We sell nothing about you, show no advertising and use no outside trackers. The cookies here keep you signed in and protect the forms.

## Who sees it

Every forum, event and page says whom it is for: everybody, members, practitioners, or one group. Nothing is shown to a wider circle than the one it was written for. Your license number is seen by you and by the staff who check it.

## What we cannot promise

What is written here is not privileged, and a court may ask for it. Letters that were sent lie in other people's mailboxes. Clients are never to be recognizable in anything that you write here.

## What you can ask for

A copy of what we hold about you, a correction, or the erasure of your account. Erasure takes away your name and your profile; replies that others wrote to you remain theirs. Write to the association, and a person will answer.
"""

COMMUNITY_RULES = """\
*This is a template that came with the software. The association has to replace it with rules of its own.*

## Leave clients out

Write nothing by which a client or a client's family could be recognized, by anybody, themselves included: no names, no places, no dates, and not the one unusual detail. Write about your own side of the work.

## Talk as colleagues do

Disagree with what was said and stay curious about who said it. Ask before you correct. Students and new colleagues may ask anything.

## Keep what you are told

What you read among members stays among members, and what you hear in a group stays in that group.

## Know what this is

Consultation among colleagues is not supervision, legal advice or treatment; each of us answers for our own decisions. Nobody reads along around the clock: where somebody may be in danger, turn to the emergency services where you are.

## When something goes wrong

Report it, and a moderator will read it. A post may be hidden, a member may be asked to pause, and a membership may end. You will be told why, and you can ask for a second pair of eyes.
"""


def publish(apps, schema_editor):
    Policy = apps.get_model("members", "Policy")
    now = timezone.now()
    for kind, body in [("privacy_notice", PRIVACY_NOTICE), ("community_rules", COMMUNITY_RULES)]:
        Policy.objects.create(kind=kind, version=1, body=body, published_at=now)


def withdraw(apps, schema_editor):
    apps.get_model("members", "Policy").objects.filter(version=1, acceptances=None).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0002_interests_policies_blocks")]
    operations = [migrations.RunPython(publish, withdraw)]
