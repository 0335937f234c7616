"""Addresses of floor 2."""

from django.urls import URLPattern, URLResolver, path

from annotation.consumers import LiveConsumer

urlpatterns: list[URLPattern | URLResolver] = []

websocket_urlpatterns = [path("ws/workspace/", LiveConsumer.as_asgi()), path("ws/live/", LiveConsumer.as_asgi())]
