"""allauth's forms, with our labels and two rules of ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from community.members import policies
from community.members.forms import AcceptField
from community.members.models import User

PASSWORD_HELP = _("At least 10 characters. Three or four words in a row are easy to remember and hard to guess.")


class LoginForm(allauth.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].label = _("E-mail")
        self.fields["password"].help_text = ""


class SignupForm(allauth.SignupForm):
    """Name, e-mail, password, one checkbox."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("E-mail")
        self.fields["password1"].help_text = PASSWORD_HELP

    def clean(self) -> dict:
        """Also refuse a password that is made of the name, which allauth does not look at."""
        cleaned = super().clean()
        password = cleaned.get("password1")
        if password and "password1" not in self.errors:
            somebody = User(email=cleaned.get("email", ""), display_name=cleaned.get("display_name", ""))
            try:
                get_adapter().clean_password(password, user=somebody)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def try_save(self, request):
        """Save account and acceptances together. Whoever loses a race for the address hears what they would hear if
        they had come a minute later: the same page, and a letter that says an account exists."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])  # takes the time that a new account would take
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            return None, flows.signup.prevent_enumeration(request, email=self.cleaned_data["email"])


class AddEmailForm(allauth.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("New e-mail address")


class ChangePasswordForm(allauth.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["oldpassword"].help_text = ""
        _one_password(self)


class SetPasswordForm(allauth.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        _one_password(self)


class ResetPasswordForm(allauth.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["email"].label = _("E-mail")


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):
    """A new password; somebody who was invited accepts the rules here, since they never signed up."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        _one_password(self)
        if self.user and not policies.has_accepted(self.user):
            self.fields["accept"] = AcceptField()

    def save(self) -> None:
        with transaction.atomic():
            super().save()
            if "accept" in self.fields:
                policies.accept_current(self.user)


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["password"].help_text = ""


@contextmanager
def _hostile_credential() -> Iterator[None]:
    """Nonsense in place of a browser's answer is a refused code: the parsers below allauth raise all sorts."""
    try:
        yield
    except ValidationError:
        raise
    except Exception as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


class CredentialField(forms.JSONField):
    """A browser's answer about a passkey. It is good for one time, so a form that comes back is empty."""

    widget = forms.HiddenInput

    def bound_data(self, data, initial):
        return None

    def prepare_value(self, value):
        return ""

    def to_python(self, value):
        with _hostile_credential():
            return super().to_python(value)


class PasskeyLoginForm(LoginWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self):
        with _hostile_credential():
            return super().clean_credential()


class PasskeySecondFactorForm(AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self):
        with _hostile_credential():
            return super().clean_credential()


class PasskeyReauthenticateForm(ReauthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self):
        with _hostile_credential():
            return super().clean_credential()


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey is meant to log in with; a bare second factor is the exception."""

    credential = CredentialField()

    def clean(self) -> dict:
        with _hostile_credential():
            return super().clean()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for it")
        self.fields["name"].widget.attrs["maxlength"] = 60
        self.fields["name"].help_text = _("So that you can tell it from others, such as “laptop” or “blue key”.")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].label = _("Log in with it alone, without my password")
        self.fields["passwordless"].help_text = _(
            "It then asks for your fingerprint, face or PIN. Untick it for a key that comes after the password."
        )


class EditPasskeyForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60


def _plain(form) -> None:
    """Labels say what goes into a field; a placeholder that says it again is noise."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def _one_password(form) -> None:
    """The new password is typed once: the browser can show it, and typing it blind twice helps nobody."""
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = PASSWORD_HELP
    del form.fields["password2"]
