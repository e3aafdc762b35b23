"""Batches made by processes of their own, which heed no Ctrl-C and outlive nobody."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

import torch
from torch.utils.data import DataLoader

from fathom.data.batches import Batch, Batches

AHEAD = 2  # batches that each worker makes before they are needed
# A process that trains has threads, of its GPU and of its bar, whose locks a plain fork would take with it.
METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
STOPS = (signal.SIGINT, signal.SIGTERM)


class Answers:
    """Batches by number, or the refusal: as an exception, it would come across with the worker's traceback in it."""

    def __init__(self, batches: Batches):
        self.batches = batches

    def __getitem__(self, i: int) -> Batch | ValueError:
        try:
            return self.batches[i]
        except ValueError as error:
            return error


def in_workers(batches: Batches, numbers: range, workers: int, pin: bool) -> Iterator[Batch]:
    """Batches by number, in order. Worker w makes the w-th, and every `workers`-th after it.

    Raises:
        ValueError: as of `batches`.
        OSError: a worker was killed.
    """
    context: Any = multiprocessing.get_context(METHOD)
    if METHOD == "forkserver":
        context.set_forkserver_preload([__name__])  # torch is imported once, not once in each worker
    watched, lifeline = context.Pipe(duplex=False)
    atexit.register(lifeline.close)  # before Python, when it exits, waits for all workers
    made: DataLoader = DataLoader(
        Answers(batches),  # type: ignore[arg-type]  # all that is asked of a Dataset is __getitem__
        batch_size=None,
        sampler=numbers,
        num_workers=workers,
        prefetch_factor=AHEAD,
        pin_memory=pin,
        worker_init_fn=partial(prepare, watched),
        multiprocessing_context=context,
        generator=torch.Generator(),  # nothing is random here: leave torch's own as it is
    )
    killed = False
    with unheard(), children_left_alone():
        running = iter(made)
    try:
        for batch in running:
            if isinstance(batch, ValueError):
                raise ValueError(str(batch))
            yield batch
    except (ConnectionError, FileNotFoundError, EOFError):
        killed = True  # before it could hand over what it had made
    except RuntimeError as error:
        killed = "DataLoader worker" in str(error)
        if not killed:
            raise
    finally:
        del running  # asks the workers to stop
        lifeline.close()  # stops them
        watched.close()
        atexit.unregister(lifeline.close)
    if killed:
        raise OSError("a process that makes batches was killed, perhaps for want of memory: try fewer workers")


@contextmanager
def unheard() -> Iterator[None]:
    """Processes that are started meanwhile do not get to hear what should stop this one, from their first moment on.

    A Ctrl-C goes to all processes of a terminal, the end of a job to all of the job; but while this one saves what it
    has, it may need them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows, which has no such signals to send either
        yield
        return
    resource_tracker.ensure_running()  # multiprocessing's own, whose start would let the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def children_left_alone() -> Iterator[None]:
    """torch would have every child's death heard by a handler that it never takes away; it looks for itself, too.

    A process that other libraries have given a small stack for signals dies of that handler.
    """
    if not hasattr(signal, "SIGCHLD") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGCHLD)
    try:
        yield
    finally:
        signal.signal(signal.SIGCHLD, before)


def prepare(watched: Connection, _: int) -> None:
    """Make this process a worker, that stops when the other end of `watched` is closed, be it by its owner's death.

    It has one thread for its work: torch sees to that.
    """
    for number in STOPS:  # which may not have been held back, if other code started the server that this comes from
        signal.signal(number, signal.SIG_IGN)

    def follow() -> None:
        watched.poll(None)
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()
