"""Addresses of floor 2; those of the workspace stand in `config.urls`, before all others."""

from django.urls import URLPattern, URLResolver, include, path

from annotation.consumers import LiveConsumer
from annotation.web import earnings, home, inbox, media, why, wishes

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.front, name="front"),
    path("home/", home.home, name="home"),
    path("home/why/", why.work, name="work_why"),
    path("wishes/", wishes.page, name="wishes"),
    path("wishes/rest/", wishes.rest, name="wishes_rest"),
    path("wishes/household/", wishes.household, name="wishes_household"),
    path("earnings/", earnings.earnings, name="earnings"),
    path("earnings/statement/", earnings.statement, name="earnings_statement"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read, name="inbox_read"),
    path("inbox/bell/", inbox.bell, name="bell"),
    path("media/<str:file>", media.media, name="media"),
    path("media/<str:file>/peaks", media.peaks, name="media_peaks"),
    path("", include("annotation.web.customer_urls")),
    path("", include("annotation.web.project_urls")),
]

websocket_urlpatterns = [path("ws/workspace/", LiveConsumer.as_asgi()), path("ws/live/", LiveConsumer.as_asgi())]
