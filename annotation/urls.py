"""Addresses of floor 2."""

from django.urls import URLPattern, URLResolver, include, path

from annotation.consumers import LiveConsumer

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("annotation.web.workspace_urls")),
]

websocket_urlpatterns = [path("ws/workspace/", LiveConsumer.as_asgi()), path("ws/live/", LiveConsumer.as_asgi())]
