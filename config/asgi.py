"""Websockets and, where one process serves everything (the demo), HTTP too."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings

from config.wsgi import application as pages  # sets Django up, before consumers are imported

from channels.auth import AuthMiddlewareStack  # isort: skip
from channels.routing import ProtocolTypeRouter, URLRouter  # isort: skip
from channels.security.websocket import AllowedHostsOriginValidator  # isort: skip

from annotation.urls import websocket_urlpatterns  # isort: skip

# As in production each request has one thread from end to end, and with it one database connection: none waits for a second.
http = WSGIMiddleware(cast("Any", pages), workers=settings.POOL_SIZE or 4)
websocket = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
