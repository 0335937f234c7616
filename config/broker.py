"""Valkey as Celery's broker: kombu's own transport, but for what it says of a connection that is gone."""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as Gone


class Channel(redis.Channel):
    """A channel that says that its connection is gone.

    Where the broker goes away while a message is in hand, kombu (5.7) acknowledges it, or gives it back, over the connection that it has
    just taken apart, and stumbles: an `AttributeError`, for which nobody is prepared, and the worker ends. A lost connection is what Celery
    lives through; and what was lost with it, the sweeps find again.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if getattr(self.connection, "client", None) is None:
            raise Gone("The connection to the broker is gone.")
        found: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]
        return found


class Transport(redis.Transport):
    """kombu's, with our channels."""

    Channel = Channel
