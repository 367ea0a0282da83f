"""A contender's own process: does the job when told, and says how long it took; judges and prints no table.

    python -m benchmarks.worker MODULE FUNCTION '{"…": …}'

`MODULE.FUNCTION(**task)` returns (run, look, versions): `run()` is what is timed, `look(result)` what is told of the
last result, as JSON. Every contender has a process of its own, because thread pools of one would spin while another
is timed, and because some read their number of threads only when they start. Lines in: how often to run. Lines out:
JSON, first {"ready": versions} or {"missing": reason}, then {"seconds", "cpu", "seen"}, both times for one run.
"""

import gc
import json
import os
import resource
import sys
import time
from importlib import import_module


def main(module: str, function: str, task: str) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints goes to standard error
    try:
        run, look, versions = getattr(import_module(module), function)(**json.loads(task))
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), file=answers)
        return
    except Exception as error:  # told, never dropped: it becomes a line of the table
        print(
            json.dumps({"missing": f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"}),
            file=answers,
        )
        return
    print(json.dumps({"ready": versions}), file=answers)
    gc.disable()
    for line in sys.stdin:
        times = int(line)
        cpu, began = _processor_time(), time.perf_counter()
        for _turn in range(times):
            result = run()
        seconds, used = time.perf_counter() - began, _processor_time() - cpu
        gc.collect()
        answer = {"seconds": seconds / times, "cpu": used / times, "seen": look(result)}
        print(json.dumps(answer), file=answers)


def _processor_time() -> float:
    """Seconds of all threads, and of the processes that were waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(*sys.argv[1:])
