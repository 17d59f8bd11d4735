"""Things that are done at the same moment, each in a process of its own, on a database of the test's own."""

import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Sequence

from django.contrib.auth import get_user_model
from django.db import connections

Job = tuple[Callable, *tuple[object, ...]]  # a function of the test's module, and what it is given: ids, no rows


def all_at_once(jobs: Sequence[Job], *, refusals: tuple[type[Exception], ...]) -> list:
    """What each job answers, or the name of its refusal; in the order in which they end."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(jobs)), fork.Queue()
    processes = [fork.Process(target=_run, args=(job, given, refusals, barrier, answers)) for job, *given in jobs]
    for process in processes:
        process.start()
    found = [answers.get(timeout=120) for _process in processes]
    for process in processes:
        process.join(60)
    return found


def _run(job: Callable, given: list, refusals: tuple[type[Exception], ...], barrier, answers) -> None:
    try:
        get_user_model().objects.exists()  # the connection is there before the start
        barrier.wait(60)
        answers.put(job(*given))
    except refusals as error:
        answers.put(type(error).__name__)
    finally:
        connections.close_all()


def at_once(*works) -> list[int]:
    """Run each function in a process of its own, all from one moment on; the exit codes: 0, or 1 after an error."""
    connections.close_all()
    start = time.time() + 0.3
    children = []
    for work in works:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                time.sleep(max(0, start - time.time()))
                work()
                code = 0
            except BaseException:  # noqa: BLE001 - a child must never return into the test run
                traceback.print_exc()
            finally:
                connections.close_all()
                os._exit(code)
        children.append(pid)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
