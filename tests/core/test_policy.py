import pytest
from django.http import HttpResponse

from core.policy import ContentSecurityPolicyMiddleware
from factories.members import UserFactory

HEADER = "Content-Security-Policy"


@pytest.mark.parametrize("path", ["/styleguide/", "/nothing/here/"])
def test_policy_of_the_site_allows_nothing_inline(db, client, path):
    policy = client.get(path)[HEADER]

    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_policy_without_an_inline_script_has_no_nonce(db, client):
    assert "nonce" not in client.get("/styleguide/")[HEADER]


def test_policy_of_the_admin_allows_what_wagtail_needs_and_has_no_nonce(db, client):
    client.force_login(UserFactory(superuser=True))

    policy = client.get("/admin/login/")[HEADER]

    assert "'unsafe-inline'" in policy
    assert "nonce" not in policy
    assert "object-src 'none'" in policy


@pytest.mark.parametrize("path", ["/administration/", "/search/?next=/admin/", "//admin/"])
def test_policy_is_strict_for_addresses_that_only_look_like_the_admin(db, client, path):
    assert "unsafe" not in client.get(path)[HEADER]


def test_an_answer_with_a_policy_or_a_nonce_of_its_own_leaves_that_of_others_alone(rf):
    ask = ContentSecurityPolicyMiddleware(_answer)

    first, exempt, changed, nonce, last = (ask(rf.get(path)) for path in ("/a", "/exempt", "/changed", "/nonce", "/b"))

    assert HEADER not in exempt
    assert "https://frames.test" in changed[HEADER]
    assert "'nonce-" in nonce[HEADER]
    assert first[HEADER] == last[HEADER]
    assert "frames.test" not in last[HEADER]
    assert "nonce" not in last[HEADER]


def _answer(request):
    response = HttpResponse()
    if request.path == "/exempt":
        response._csp_exempt = True
    if request.path == "/changed":
        response._csp_update = {"frame-src": ["https://frames.test"]}
    if request.path == "/nonce":
        str(request.csp_nonce)
    return response
