"""Celery: carries work to other processes. It decides nothing; what it loses, the sweeps find again."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TRANSPORT_ALIASES["redis"] = "config.broker:Transport"
app = Celery("manyhands")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# `urgent`: somebody waits; `outgoing`: other people's servers may be slow; `default`: the rest.
app.conf.task_routes = {
    "annotation.tasks.drain": {"queue": "urgent"},
    "annotation.tasks.offer": {"queue": "urgent"},
    "annotation.tasks.deliver": {"queue": "outgoing"},
}
# Sweeps: the wake-ups of events may be lost, so nothing waits longer than these seconds.
app.conf.beat_schedule = {
    "drain": {"task": "annotation.tasks.drain", "schedule": 2.0, "options": {"expires": 2}},
    "offer": {"task": "annotation.tasks.offer", "schedule": 1.0, "options": {"expires": 1}},
    "deliver": {"task": "annotation.tasks.deliver", "schedule": 5.0, "options": {"expires": 5}},
    "sweep": {"task": "annotation.tasks.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "share": {"task": "annotation.tasks.share", "schedule": 30.0, "options": {"expires": 30}},
    "tidy": {"task": "annotation.tasks.tidy", "schedule": 60.0, "options": {"expires": 60}},
    "forecast": {"task": "annotation.tasks.forecast", "schedule": 60.0, "options": {"expires": 60}},
    "measure": {"task": "annotation.tasks.measure", "schedule": 300.0, "options": {"expires": 300}},
    "refit": {"task": "quality.tasks.refit", "schedule": 15.0, "options": {"expires": 15}},
    "refit_cold": {"task": "quality.tasks.refit_cold", "schedule": crontab(hour="3", minute="17")},
    "audit": {"task": "quality.tasks.audit", "schedule": 30.0, "options": {"expires": 30}},
    "look_after_gold": {"task": "quality.tasks.look_after_gold", "schedule": crontab(minute="23")},
    "find_leaks": {"task": "quality.tasks.find_leaks", "schedule": crontab(day_of_week="1", hour="4", minute="41")},
    "evaluate_rules": {"task": "quality.tasks.evaluate_rules", "schedule": 300.0, "options": {"expires": 300}},
    "end_restrictions": {"task": "quality.tasks.end_restrictions", "schedule": 300.0, "options": {"expires": 300}},
    "go_on_doing_again": {"task": "quality.tasks.go_on_doing_again", "schedule": 60.0, "options": {"expires": 60}},
    "accept_unjudged": {"task": "quality.tasks.accept_unjudged", "schedule": 300.0, "options": {"expires": 300}},
    "grant_overdue": {"task": "quality.tasks.grant_overdue", "schedule": 600.0, "options": {"expires": 600}},
    "carry_out_overdue": {"task": "quality.tasks.carry_out_overdue", "schedule": crontab(minute="37")},
    "decide_lots": {"task": "quality.tasks.decide_lots", "schedule": 60.0, "options": {"expires": 60}},
    "redrive": {"task": "quality.tasks.redrive", "schedule": 15.0, "options": {"expires": 15}},
}


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Celery would replace the root logger; ours is set by Django."""
