"""The worker: what it must live through."""

from celery.utils.imports import symbol_by_name

from config.celery import Steadfast, app


class Stumbling:
    """A connection that kombu cannot take apart, as it happens when the broker goes away while a message is in hand."""

    connection_errors = channel_errors = ()
    closed = False

    def collect(self, **_options: object) -> None:
        raise ConnectionError

    def close(self) -> None:
        self.closed = True
        raise AttributeError("'NoneType' object has no attribute 'hostname'")


def test_a_worker_outlives_its_broker_with_work_in_hand():
    assert symbol_by_name(app.conf.worker_consumer) is Steadfast
    consumer, broken = Steadfast.__new__(Steadfast), Stumbling()
    consumer.connection, consumer.app = broken, app
    consumer.on_connection_error_after_connected(ConnectionError("gone"))
    assert broken.closed
    assert consumer.connection is None  # the caller makes another
