"""Where a secret could show: for each pattern the parts of something that is there."""

from secret import Secret

from community.groups import invitations
from community.notices import envelope

# Names of addresses that nobody fetches here, each with its reason.
UNVISITED = {
    "articles:article": "pages have no group",
    "articles:topic": "pages have no group",
    "learning:listing": "pages have no group",
    "notices:dev-mail": "the letterbox is on a developer's machine alone, and 404 here",
    "notices:dev-mail-message": "as above",
    "openid_connect_login": "no provider is set up, and nothing of ours is in it",
    "openid_connect_callback": "as above",
    "account_confirm_email": "a key of the account system; knows of accounts alone",
    "account_reset_password_from_key": "as above",
    "mfa_remove_webauthn": "knows of the reader's own keys alone",
    "mfa_edit_webauthn": "as above",
    "account_logout": "would end the visit",
    "wagtail_serve": "pages have no group",
    "wagtailcore_authenticate_with_password": "as above",
}

# What its author does with a post, and whoever looks after the place.
OF_A_POST = ["remove", "hide", "restore", "approve", "amend", "split", "purge", "history"]
OF_A_GROUP = [
    *("group", "agreement", "agreement_copy", "addition", "files", "ask", "withdraw", "invitation", "edit", "archive"),
    *("leave", "people", "step_down", "invite", "make_link"),
]


def arguments(secret: Secret) -> dict[str, dict]:
    """Parts by the pattern's full name."""
    forum = {"forum_slug": secret.topic.forum.slug}
    topic = forum | {"topic_id": secret.topic.pk, "slug": "x"}
    group = {"slug": secret.group.slug}
    event = {"event_id": secret.meeting.event_id}
    member = secret.group.memberships.get(user=secret.colleague)
    day = event | {"slug": "x", "day": secret.meeting.original_date}
    return {
        "members:person": {"pk": secret.colleague.pk},
        "members:block": {"pk": secret.colleague.pk},
        **{f"members:{name}": {"purpose": "discussions"} for name in ("make-address", "revoke-address")},
        "members:unblock": {"pk": secret.colleague.pk},
        "safety:report": {"kind": "post", "target_id": secret.answer.pk},
        **{f"safety:{name}": {"pk": 1} for name in ("close", "put-back", "decision", "appeal")},
        **{
            f"safety:{name}": {"kind": "post", "target_id": secret.answer.pk} for name in ("approve", "decline", "note")
        },
        "safety:person": {"pk": secret.colleague.pk},
        "safety:lift": {"pk": secret.colleague.pk, "sanction_id": 1},
        "core:file": {"name": secret.file.file.name},
        "discussions:group": group,
        "discussions:group-new": group,
        "discussions:keeping": group,
        "discussions:post": {"post_id": secret.answer.pk},
        "discussions:edit": {"post_id": secret.answer.pk},
        "discussions:quote": {"post_id": secret.answer.pk},
        "discussions:discard-draft": {"draft_id": secret.draft.pk},
        **{f"discussions:{name}": {"post_id": secret.answer.pk} for name in ("react", "helped", "save")},
        "discussions:watch-forum": forum,
        "discussions:watch-tag": {"slug": "trauma"},
        "notices:stop": {"token": envelope.stop_token("reply", secret.answer.pk, secret.leader.pk)},
        **{f"discussions:{name}": {"pk": secret.clip.pk} for name in ("attachment", "describe", "detach")},
        **{f"discussions:{name}": topic for name in ("vote", "close-poll", "end-search", "extend-search")},
        "discussions:forum": forum,
        "discussions:forum-feed": forum,
        "discussions:topic-feed": topic,
        "discussions:my-feed": {"key": secret.key},
        "discussions:my-feed-of-forum": {"key": secret.key, "forum_id": secret.topic.forum_id},
        "discussions:mark-read": forum,
        "discussions:new": forum,
        **{f"discussions:{name}": topic for name in ("topic", "reply", "follow", "move")},
        **{f"discussions:{name}": topic for name in ("merge", "look-after", "close", "reopen", "place")},
        **{f"discussions:{name}": {"post_id": secret.answer.pk} for name in OF_A_POST},
        "groups:invitation_link": {"token": invitations.token(secret.link)},
        **{f"groups:{name}": group for name in OF_A_GROUP},
        **{f"groups:{name}": group | {"pk": secret.file.pk} for name in ("file", "remove_file")},
        **{f"groups:{name}": group | {"pk": member.pk} for name in ("remove", "appoint", "hand_over")},
        **{f"groups:{name}": group | {"pk": secret.request.pk} for name in ("approve", "decline")},
        "groups:revoke": group | {"pk": secret.letter.pk},
        "events:month": {"month": f"{secret.meeting.local_date:%Y-%m}"},
        "events:event": event | {"slug": "x"},
        "events:occurrence": day,
        "events:calendar-file": day,
        "events:edit": event,
        **{
            f"events:{name}": {"pk": secret.meeting.pk} for name in ("date", "go", "not-go", "join", "roster", "cancel")
        },
        "portal:skip-step": {"step": "zone"},
    }
