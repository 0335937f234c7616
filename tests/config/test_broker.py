"""The broker: a worker lives through its loss."""

import pytest
from kombu import Connection
from redis.exceptions import ConnectionError as Gone

from config.broker import Transport
from config.celery import app


def test_our_transport_is_the_one_that_is_used():
    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, Transport)


def test_a_message_in_hand_when_the_connection_goes_is_a_lost_connection():
    """kombu says AttributeError, at which a worker ends; of a lost connection it makes a new one."""
    connection = Connection(app.conf.broker_url, transport_options={"socket_timeout": 5})
    queue = connection.SimpleQueue("test_broker")
    queue.put({"n": 1})
    message = queue.get(timeout=5)
    channel = message.channel
    connection.transport.client = None  # as its end leaves it
    channel.pool.disconnect()
    channel._pool = channel._async_pool = None
    with pytest.raises(Gone):
        message.ack()
    assert Gone in Transport.connection_errors
    connection.transport.client = connection  # so that it can be put away
    message.ack()
    connection.release()
