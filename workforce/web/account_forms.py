"""allauth's forms with our words: labels above the fields, nothing inside them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class Plain:
    """Takes placeholders away and gives the fields named in `words` our labels and help."""

    words: dict[str, Any] = {}
    helps: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            field.help_text = self.helps.get(name, "")


NEW_PASSWORD = _("At least 8 characters, not a common word, not all digits.")
CODE_ATTRS = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}


class Login(Plain, account.LoginForm):
    """Sign in with e-mail and password."""

    words = {"login": _("E-mail"), "password": _("Password")}


class SignUp(Plain, account.SignupForm):
    """A new account; the page's script fills in the time zone of the browser."""

    words = {"email": _("E-mail"), "password1": _("Password")}
    helps = {"email": _("We send a code to it. Customers never see it."), "password1": NEW_PASSWORD}
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ConfirmEmail(Plain, account.ConfirmEmailVerificationCodeForm):
    """The code from the mail."""

    words = {"code": _("Code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_ATTRS, autofocus=True)


class ChangeEmail(Plain, account.ChangeEmailForm):
    """Another address while the first is not confirmed yet."""

    words = {"email": _("Your other address")}


class AddEmail(Plain, account.AddEmailForm):
    """A new address in place of the old one."""

    words = {"email": _("New address")}
    helps = {"email": _("We send a code to it. Your old address stays until you have entered the code.")}


class ChangePassword(Plain, account.ChangePasswordForm):
    """A new password in place of the old one."""

    words = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }
    helps = {"password1": NEW_PASSWORD}


class SetPassword(Plain, account.SetPasswordForm):
    """A first password for somebody who has none."""

    words = {"password1": _("New password"), "password2": _("New password, once more")}
    helps = {"password1": NEW_PASSWORD}


class ResetPassword(Plain, account.ResetPasswordForm):
    """Asks for the link to set a new password."""

    words = {"email": _("E-mail")}


class ResetPasswordFromKey(Plain, account.ResetPasswordKeyForm):
    """The new password, behind the link."""

    words = {"password1": _("New password"), "password2": _("New password, once more")}
    helps = {"password1": NEW_PASSWORD}


class Reauthenticate(Plain, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    words = {"password": _("Password")}


class Authenticate(Plain, mfa.AuthenticateForm):
    """The second step of signing in."""

    words = {"code": _("Code")}
    helps = {"code": _("The 6 digits your authenticator app shows now, or one of your recovery codes.")}


class ReauthenticateByCode(Plain, mfa.ReauthenticateForm):
    """A code before something that matters."""

    words = {"code": _("Code")}
    helps = {"code": _("The 6 digits your authenticator app shows now, or one of your recovery codes.")}


class ActivateTOTP(Plain, ActivateTOTPForm):
    """The first code of the app shows that it has the secret."""

    words = {"code": _("Code from the app")}
    helps = {"code": _("The 6 digits that the app shows now.")}


class AddPasskey(Plain, AddWebAuthnForm):
    """A passkey or security key; the page's script asks the browser for it."""

    words = {"name": _("Name"), "passwordless": _("Sign in with it alone, without the password")}
    helps = {
        "name": _("To tell your keys apart, for example “Laptop”."),
        "passwordless": _("The device checks that it is you, by fingerprint, face or PIN."),
    }


class EditPasskey(Plain, EditWebAuthnForm):
    """Another name for a key."""

    words = {"name": _("Name")}
