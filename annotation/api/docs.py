"""How operations describe themselves in OpenAPI: an id, the scope they need, what they take, answer and refuse."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

Handler = TypeVar("Handler", bound=Callable[..., Any])


class ProblemError(serializers.Serializer[Any]):
    """One thing that is wrong with a value."""

    pointer = serializers.CharField(help_text="JSON Pointer into the body.")
    code = serializers.CharField()
    detail = serializers.CharField()


# A refusal (RFC 9457); some codes have members of their own.
Problem = inline_serializer(
    "Problem",
    {
        "type": serializers.URLField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(help_text="What happened, and what to do."),
        "instance": serializers.CharField(),
        "code": serializers.CharField(help_text="Stable; for programs."),
        "request_id": serializers.CharField(),
        "errors": ProblemError(many=True),
    },
)


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Repeat with the same key: one effect."
)
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="The ETag you read, or *."
)
PAGE = [
    OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 200, 50 if absent."),
    OpenApiParameter("after", OpenApiTypes.STR, description="`next` of the page before."),
    OpenApiParameter(
        "order", OpenApiTypes.STR, enum=["asc", "desc"], description="By creation; newest first if absent."
    ),
]


@cache
def page_of(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """A page of a list."""
    following = serializers.CharField(allow_null=True, help_text="For `after`.")
    return inline_serializer(f"PageOf{shape.__name__}", {"data": shape(many=True), "next": following})


def operation(
    name: str,
    summary: str,
    *,
    answers: Any,
    takes: Any = None,
    status: int = 200,
    query: list[OpenApiParameter] | None = None,
    kept: bool = False,
    matched: bool = False,
    listed: bool = False,
) -> Callable[[Handler], Handler]:
    """Describe a handler. `kept`: takes an Idempotency-Key; `matched`: needs If-Match; `listed`: answers with pages of `answers`."""
    parameters = [*(query or []), *([IDEMPOTENCY_KEY] if kept else []), *([IF_MATCH] if matched else [])]
    if listed:
        parameters += PAGE
        answers = page_of(answers)
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=summary,
        request=takes,
        parameters=parameters,
        responses={
            status: answers,
            "4XX": OpenApiResponse(Problem, "Refused"),
            "5XX": OpenApiResponse(Problem, "Failed"),
        },
    )
