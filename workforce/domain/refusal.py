"""A refusal: an act that did not happen, with the reason and the remedy."""

from typing import Any

from django.utils.functional import Promise


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not an error
    """Anticipated. `code` is stable and for programs; `message` says what happened, `remedy` what to do, both for people.

    Subclasses are named for the fact (`LeaseLost`) and live beside the act that raises them.
    """

    code = "refused"
    message: str | Promise = ""
    remedy: str | Promise = ""

    def __init__(self, message: str = "", *, remedy: str = "", **params: Any) -> None:
        self.message = str(message or self.message)
        self.remedy = str(remedy or self.remedy)
        self.params = params
        super().__init__(self.message or self.code)
