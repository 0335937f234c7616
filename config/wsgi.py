"""HTTP by WSGI: the production entry point (granian). Websockets and the waiting event feed are served by `config.asgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
