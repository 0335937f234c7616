"""Addresses of the API whose acts are judgements; `config.api` mounts them under /api/v1/."""

from django.urls import URLPattern, path

from quality.api import annotations, gold, practice, redo, restrictions, standings

urlpatterns: list[URLPattern] = [
    path("tasks/<str:task>/reviews", annotations.ReviewsView.as_view()),
    path("annotations/<str:annotation>/accept", annotations.AcceptView.as_view()),
    path("annotations/<str:annotation>/reject", annotations.RejectView.as_view()),
    path("projects/<str:project>/gold", gold.GoldsView.as_view()),
    path("gold/<str:gold_item>/retire", gold.RetireGoldView.as_view()),
    path("projects/<str:project>/standings", standings.StandingsView.as_view()),
    path("projects/<str:project>/restrictions", restrictions.RestrictionsView.as_view()),
    path("projects/<str:project>/redos", redo.RedosView.as_view()),
    path("projects/<str:project>/practice", practice.PracticeView.as_view()),
    path("restrictions/<str:restriction>/leave", restrictions.LeaveView.as_view()),
    path("restrictions/<str:restriction>/lift", restrictions.LiftView.as_view()),
]
