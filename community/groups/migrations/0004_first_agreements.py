"""The first version of the agreement for each kind of group, so that no group is ever without one.

They promise no more than is true, and say themselves what they are: a template that counsel has to look at.
"""

from django.db import migrations
from django.utils import timezone

CONSULTATION = """\
We bring our work here so that we can do it better and do not have to do it alone. That needs trust. It also needs each of us to know what this agreement can do, and what it cannot.

## What we promise each other

- What I read and hear in this group stays in this group. I do not quote it, forward it, record it or take pictures of it.
- I write and say nothing by which a client could be recognized: no names or initials, no dates or ages that point to one person, no places, employers or unusual details. I change or leave out whatever the question does not need.
- I read where nobody looks over my shoulder, and I keep my account to myself.
- If I recognize the person being spoken of, I say so at once, and we stop.
- If something I shared has harmed a client, or could, I tell the facilitator the same day.

## What this is, and what it is not

- Colleagues advise. The clinician who treats the person decides, and stays responsible for the treatment.
- This is neither supervision nor treatment nor legal advice, and it makes no relationship between your client and anybody here.
- This is not for emergencies. Nobody watches this place round the clock. When somebody may be in danger, call the emergency services where you are.

## What nobody can promise

- Agreeing on it does not make what we write here privileged. A court, a licensing board or an insurer may ask for it, and we may have to hand it over.
- Duties to report and to warn come before this agreement. If what you share obliges a colleague to report, they will.
- Whoever runs the machine that this site is on, or keeps its backups, can reach what is stored there. On the site itself the association's staff stay outside of this group. Two of them together can open it, for a written reason and a short time, and the group is told.
- If somebody reports a post, the moderators read that post and what was ticked with it.
- A copy that somebody makes cannot be called back.

## How it ends

I can leave at any time. What I promised about what I learned here stays promised. Whoever breaks this agreement can be removed from the group, and the association may be told.

*This wording came with the software. It is no legal advice; the association has its counsel look at it.*
"""

COMMUNITY = """\
We are here to learn from each other. A few things make that possible.

- What colleagues say here about themselves and their work stays here. Ideas and references may travel; people and their stories may not.
- Nothing here lets a client be recognized: no names, dates, places or unusual details.
- Colleagues advise; the clinician who treats a person decides. This is neither supervision nor legal advice.
- We disagree with what was said and stay curious about who said it.
- Nothing here is privileged because we agreed on it. A court may ask for it, whoever runs the machine can reach what is stored on it, and duties to report come before what we agree on.
- This is not for emergencies. Nobody watches this place round the clock; call the emergency services where you are.

*This wording came with the software. It is no legal advice; the association has its counsel look at it.*
"""

CHAPTER = """\
A chapter is where colleagues of one region meet. Who comes, and what they say among themselves, is theirs.

- The list of members is for members of the chapter. I do not pass it on, and I do not use it for advertising.
- What colleagues tell about themselves or their work stays in the chapter.
- Nothing said or written here lets a client be recognized.
- Colleagues advise; the clinician who treats a person decides.
- Nothing here is privileged because we agreed on it. A court may ask for it, whoever runs the machine can reach what is stored on it, and duties to report come before what we agree on.
- This is not for emergencies. Nobody watches this place round the clock; call the emergency services where you are.

*This wording came with the software. It is no legal advice; the association has its counsel look at it.*
"""


def publish(apps, schema_editor):
    Agreement = apps.get_model("groups", "Agreement")
    now = timezone.now()
    for kind, body in [("consultation", CONSULTATION), ("community", COMMUNITY), ("chapter", CHAPTER)]:
        Agreement.objects.get_or_create(kind=kind, version=1, defaults={"body": body, "published_at": now})


def withdraw(apps, schema_editor):
    apps.get_model("groups", "Agreement").objects.filter(version=1, counsel_confirmed_at=None, signatures=None).delete()


class Migration(migrations.Migration):
    dependencies = [("groups", "0003_places")]
    operations = [migrations.RunPython(publish, withdraw)]
