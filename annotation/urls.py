"""Addresses of floor 2."""

from django.urls import URLPattern, URLResolver, path

from annotation.consumers import LiveConsumer
from annotation.web import media

urlpatterns: list[URLPattern | URLResolver] = [
    path("media/<str:file>", media.media, name="media"),
]

websocket_urlpatterns = [path("ws/workspace/", LiveConsumer.as_asgi()), path("ws/live/", LiveConsumer.as_asgi())]
