"""One thread at a time; and a forked child need not wait for a thread that it does not have."""

import os
import signal
import threading

import pytest

from autograd import Value, compile
from autograd.backward import sweeping
from autograd.compiled.record.record import recording_now
from autograd.machinery.one_at_a_time import OneAtATime


def test_a_second_thread_waits_until_the_first_has_left():
    lock, order = OneAtATime(), []

    def second():
        with lock.lock:
            order.append("second")

    with lock.lock:
        thread = threading.Thread(target=second)
        thread.start()
        with lock.lock:
            order.append("first, twice inside")
    thread.join()
    assert order == ["first, twice inside", "second"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:os.fork.* was called:RuntimeWarning")  # JAX, if it is there
def test_a_child_that_was_forked_while_another_thread_held_the_locks_computes():
    step = compile(lambda x: x * x, example=[1.0])
    holds, over = threading.Event(), threading.Event()

    def hold():
        with sweeping.lock, recording_now.lock, step.one_at_a_time.lock:
            holds.set()
            over.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # ends a child that hangs
        x = Value(3.0)
        (x * x).backward()
        right = x.grad == 6.0 and step.value([3.0]) == 9.0
        right = right and compile(lambda z: 2.0 * z).value([1.0]) == 2.0
        os._exit(0 if right else 1)
    over.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
