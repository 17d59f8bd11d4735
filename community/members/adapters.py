"""How allauth's accounts meet ours: our mail path, our words, our doors."""

import base64
import hashlib

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.members.models import User
from community.members.templatetags.members import browser_words
from community.notices import outbox
from core.models import Association


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("E-mail and password don't match an account here. Please try again."),
        "too_many_login_attempts": _("Too many attempts in a short time. Please wait five minutes and try again."),
        "incorrect_password": _("This is not your password. Please try again."),
        "enter_current_password": _("This is not your present password."),
        "rate_limited": _("That was a lot in a short time. Please wait a minute and try again."),
        "same_as_current": _("This is the address you have already."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Hand the letter to the one mail path, in the transaction that it tells of."""
        recipient = User.objects.at_address(email).first()
        context = {
            "email": email,
            "recipient": recipient,
            "base_url": self.request.build_absolute_uri("/").rstrip("/"),
        } | context
        letter = self.render_mail(template_prefix, email, context)
        html = ""
        if isinstance(letter, EmailMultiAlternatives) and letter.alternatives:
            html = str(letter.alternatives[0][0])
        outbox.queue_words(address=email, subject=letter.subject, text=letter.body, html=html, recipient=recipient)

    def save_user(self, request: HttpRequest, user: User, form, commit: bool = True) -> User:
        user.display_name = " ".join(form.cleaned_data["display_name"].split())
        user.time_zone = form.cleaned_data.get("time_zone") or "UTC"
        return super().save_user(request, user, form, commit)

    def confirm_email(self, request: HttpRequest, email_address) -> bool:
        """Refuse an address that is another account's login, also where allauth keeps no row for that account."""
        if User.objects.at_address(email_address.email).exclude(pk=email_address.user_id).exists():
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        return super().confirm_email(request, email_address)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("members:waiting")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Members land on Today; those who wait are told what happens next."""
        return settings.LOGIN_REDIRECT_URL if request.user.is_member else reverse("members:waiting")


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self):
        """A session in which a provider that does not answer, or answers with an error, is a page that says so."""
        session = super().get_requests_session()
        ask = session.request

        def ask_kindly(method, url, **options):
            try:
                response = ask(method, url, **options)
                if method == "GET":  # the answers to a POST are read, errors too
                    response.raise_for_status()
            except requests.RequestException as error:
                raise ImmediateHttpResponse(redirect("socialaccount_login_error")) from error
            return response

        session.request = ask_kindly
        return session


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code doesn't work. Please take a fresh one and try again."),
    }

    def _get_site_name(self) -> str:
        """What authenticator apps and passkey managers call this site."""
        return Association.current().full_name

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """A passkey is called after the browser that makes it, until its owner finds a better name."""
        return browser_words(context.request.headers.get("User-Agent", ""))

    def encrypt(self, text: str) -> str:
        """Secrets of second factors are not legible in a copy of the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """Keys made of the site's secret keys: the present one writes, those that were retired still read."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.blake2b(key.encode(), digest_size=32, person=b"second-factor").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
