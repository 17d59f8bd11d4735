"""Content-Security-Policy: strict on the site, looser on the Wagtail admin alone."""

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from django.conf import settings


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp, with a second policy for the admin: it needs inline code, which a nonce would switch off.

    Each of the two is put into words once; an answer that took a nonce, or that a view gave a policy of its own, gets
    its own words.
    """

    def __init__(self, get_response):
        super().__init__(get_response)
        self._usual: dict[bool, str] = {}

    def process_response(self, request, response):
        is_admin = _is_admin(request)
        if settings.DEBUG or _has_own(request, response):
            return super().process_response(request, response)
        if is_admin not in self._usual:
            response = super().process_response(request, response)
            self._usual[is_admin] = response.headers[HEADER]
            return response
        response.headers[HEADER] = self._usual[is_admin]
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)
        return response

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if _is_admin(request) and not report_only:
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
            parts.nonce = None
        return parts


def _is_admin(request) -> bool:
    return request.path_info.startswith("/admin/")


def _has_own(request, response) -> bool:
    """Whether the policy of this answer may be another than the usual one."""
    took_nonce = hasattr(request, "_csp_nonce")
    return took_nonce or HEADER in response.headers or any(name.startswith("_csp_") for name in vars(response))
