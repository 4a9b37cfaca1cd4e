"""Touches a file for each message that the worker sends itself by the broker."""
from pathlib import Path

from celery.signals import heartbeat_sent, worker_shutdown
from celery.worker.control import control_command

HEARTBEAT = Path("/tmp/worker-heartbeat")


@heartbeat_sent.connect
def ask(sender, **_):
    eventer = sender.eventer
    eventer.app.control.broadcast("touch_heartbeat", destination=[eventer.hostname])


@control_command()
def touch_heartbeat(state):
    HEARTBEAT.touch()


@worker_shutdown.connect
def remove(**_):
    HEARTBEAT.unlink(missing_ok=True)
