"""Quotes."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView, idempotent, tagged
from annotation.api.batch_shapes import AccuracyInput, QuoteShape
from annotation.api.docs import operation
from annotation.domain import quotes
from annotation.models import Quote, ServiceClass


class QuoteOverlap(serializers.Serializer[Any]):
    """How many answers a task gets."""

    min = serializers.IntegerField(min_value=1, max_value=100)
    max = serializers.IntegerField(min_value=1, max_value=100)


class QuoteInput(serializers.Serializer[Any]):
    """The work that is thought of."""

    tasks = serializers.IntegerField(min_value=1, max_value=5_000_000)
    overlap = QuoteOverlap(required=False, help_text="The project's if absent.")
    service_class = serializers.ChoiceField(ServiceClass.values, required=False)
    deadline = serializers.DateTimeField(required=False, allow_null=True)
    accuracy = AccuracyInput(required=False, help_text="With the audit that it takes to show it.")


class QuotesView(KeyView):
    """Quotes of a project."""

    rights = {"POST": "quote.make"}

    @operation(
        "makeQuote",
        "What so many tasks would cost, and when they would be done",
        takes=QuoteInput,
        answers=QuoteShape,
        status=201,
        kept=True,
    )
    @idempotent
    def post(self, request: Request, project: str) -> Response:
        """Make one; it binds for 24 hours."""
        quote = quotes.price(project=self.project(project), **self.given(QuoteInput))
        return tagged(request, QuoteShape(quote).data, 201, reverse("api_quote", args=[quote.public_id]))


class QuoteView(KeyView):
    """One quote."""

    rights = {"GET": "quote.make"}

    @operation("getQuote", "A quote", answers=QuoteShape)
    def get(self, request: Request, quote: str) -> Response:
        """Read."""
        rows = self.mine(Quote.objects.select_related("project__organization"), "project__mode")
        return tagged(request, QuoteShape(self.one(rows, quote)).data)
