"""Which source people prefer."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.base import KeyView
from annotation.api.docs import operation
from quality.queries import standings
from quality.queries.standings import Compared, Standings


class SourceShape(serializers.Serializer[Any]):
    """A source."""

    model = serializers.CharField(source="source", help_text="As its items name it.")
    chance = serializers.FloatField(help_text="That it is preferred to a middling one.")
    low = serializers.FloatField(help_text="Lower end of the 95 % interval.")
    high = serializers.FloatField(help_text="Upper end.")
    answers = serializers.IntegerField(source="n")


class StandingsShape(serializers.Serializer[Any]):
    """What one question says; the best source first."""

    question = serializers.CharField()
    type = serializers.ChoiceField(standings.COMPARING)
    answers = serializers.IntegerField(help_text="Counted.")
    tasks = serializers.IntegerField()
    people = serializers.IntegerField()
    sources = SourceShape(many=True)
    apart = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Groups of sources that were never compared with each other; then there are no `sources`.",
    )


# One for each question that compares items.
ALL = inline_serializer("AllStandings", {"data": StandingsShape(many=True)})


class StandingsView(KeyView):
    """Of a project."""

    rights = {"GET": "result.read"}

    @operation("listStandings", "Which source people prefer", answers=ALL)
    def get(self, request: Request, project: str) -> Response:
        """Worked out anew."""
        row = self.project(project)
        found = [_shown(each, standings.of_question(row, each)) for each in standings.questions(row)]
        return Response({"data": StandingsShape(found, many=True).data})


def _shown(question: Compared, found: Standings) -> dict[str, Any]:
    counts = {"answers": found.answers, "tasks": found.tasks, "people": found.people}
    return {"question": question.name, "type": question.type, **counts, "sources": found.rows, "apart": found.apart}
