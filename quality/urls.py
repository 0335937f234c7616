"""Addresses of floor 3."""

from django.urls import URLPattern, URLResolver, path

from annotation.web import workspace
from quality.web import appeals, board, desk, forecasts, gold, hearings, pages, people, pilot, projects, rules, standing

urlpatterns: list[URLPattern | URLResolver] = [
    path("home/standing/", standing.standing, name="standing"),
    path("earnings/appeal/<str:assignment>/", appeals.appeal_page, name="appeal"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/<str:project>/", board.board_page, name="project"),
    path("projects/<str:project>/board/", board.board_part, name="project_board"),
    path("projects/<str:project>/pilot/", pilot.pilot_page, name="pilot"),
    path("projects/<str:project>/pilot/start/", pilot.pilot_start, name="pilot_start"),
    path("projects/<str:project>/pilot/take/", pilot.pilot_take, name="pilot_take"),
    path("projects/<str:project>/gold/", gold.gold_list, name="project_gold"),
    path("projects/<str:project>/gold/plant/", gold.gold_plant, name="gold_plant"),
    path("projects/<str:project>/gold/<str:item>/retire/", gold.gold_retire, name="gold_retire"),
    path("projects/<str:project>/gold/<str:item>/decide/", gold.gold_decide, name="gold_decide"),
    path("projects/<str:project>/gold/promote/<str:task>/", gold.gold_promote, name="gold_promote"),
    path("projects/<str:project>/people/scorecards/", people.scorecards, name="scorecards"),
    path("projects/<str:project>/people/scorecards.csv", people.scorecards_csv, name="scorecards_csv"),
    path("projects/<str:project>/rules/", rules.rule_list, name="rules"),
    path("projects/<str:project>/rules/new/", rules.rule_new, name="rule_new"),
    path("projects/<str:project>/rules/<str:rule>/", rules.rule_page, name="rule"),
    path("projects/<str:project>/rules/<str:rule>/change/", rules.rule_change, name="rule_change"),
    path("projects/<str:project>/rules/<str:rule>/act/", rules.rule_act, name="rule_act"),
    path("forecasts/", forecasts.forecasts, name="forecasts"),
    path("review/", pages.reviews, name="reviews"),
    path("review/<str:project>/", pages.desk_page, name="desk"),
    path("review/<str:project>/appeals/", hearings.hearings, name="hearings"),
    path("review/<str:project>/appeals/<str:appeal>/decide/", hearings.hearing_decide, name="hearing_decide"),
    path("review/<str:project>/appeals/<str:appeal>/return/", hearings.hearing_return, name="hearing_return"),
    path("review/<str:project>/take", desk.take, name="desk_take"),
    path("review/<str:project>/ahead", desk.ahead, name="desk_ahead"),
    path("review/<str:project>/queue", desk.queue, name="desk_queue"),
    path("review/a/<str:assignment>/comparison", desk.comparison, name="desk_comparison"),
    path("review/a/<str:assignment>/first", desk.first, name="desk_first"),
    path("review/a/<str:assignment>/decide", desk.decide, name="desk_decide"),
    # A review seat is a seat: it is kept alive and given back as in the workspace.
    path("review/a/<str:assignment>/beat", workspace.beat, name="desk_beat"),
    path("review/a/<str:assignment>/extend", workspace.extend, name="desk_extend"),
    path("review/a/<str:assignment>/return", workspace.give_back, name="desk_return"),
    path("review/a/<str:assignment>/leaving", workspace.leaving, name="desk_leaving"),
]
