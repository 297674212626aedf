"""Converts notebook sources and executes one, reporting each step as a line of JSON on standard output.

    execute.py convert SOURCE...                             one `notebook` event a source
    execute.py run SOURCE --cwd FOLDER --kernel NAME --timeout SECONDS

Events of `run`, in order (`cell` counts every cell from 0):
    {"event": "notebook", "path", "notebook"}                the converted, unexecuted notebook
    {"event": "start", "cell"}
    {"event": "finish", "cell", "seconds"}
    {"event": "error", "cell", "kind", "ename", "evalue", "traceback"}, which ends the run
    {"event": "done", "notebook", "seconds", "peakBytes"}    the executed notebook
Exit status: 0 after `done`, 1 after `error`, 130 when standard input closed first: the process that started this one is gone
or wants a stop, and then the kernel and everything it started is killed.
"""

import argparse
import json
import os
import re
import sys
import threading
import time

import jupytext
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

# Events go to a private copy of standard output; whatever else is printed, by the kernel too, goes to standard error.
_events = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

KEPT_CELL_METADATA = ("tags", "nbgrader")


def emit(event, **fields):
    _events.write(json.dumps({"event": event, **fields}, ensure_ascii=False) + "\n")
    _events.flush()


def read_source(path):
    """The notebook that a `ts:percent` source stands for, without metadata that only the text format needs."""
    with open(path, encoding="utf-8") as file:
        notebook = jupytext.reads(file.read(), fmt="ts:percent")
    notebook.metadata.clear()
    for cell in notebook.cells:
        # A word to the formatter, which readers need not see.
        cell.source = re.sub(r" *// prettier-ignore$", "", cell.source, flags=re.MULTILINE)
        kept = {key: cell.metadata[key] for key in KEPT_CELL_METADATA if key in cell.metadata}
        cell.metadata.clear()
        cell.metadata.update(kept)
    return notebook


def kernel_processes():
    """Everything that this process started and that still runs."""
    return psutil.Process().children(recursive=True)


def stop_when_input_closes():
    # Not sys.stdin: a thread waiting in its buffer's lock would abort the interpreter's exit.
    while os.read(0, 4096):
        pass
    for process in kernel_processes():
        try:
            process.kill()
        except psutil.NoSuchProcess:
            pass
    os._exit(130)


class PeakMemory:
    """The largest resident memory seen, in bytes, of the kernel and its children together."""

    def __init__(self, interval=0.2):
        self.bytes = 0
        self._interval = interval
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self):
        while True:
            total = 0
            for process in kernel_processes():
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    pass
            self.bytes = max(self.bytes, total)
            time.sleep(self._interval)


class MustRaise(Exception):
    """A cell tagged `raises-exception` ended without one."""


class Run:
    """One execution; `cell` is the one being executed, for the report of an error."""

    def __init__(self, notebook, options):
        self.cell = None
        self.started = 0.0
        self.client = NotebookClient(
            notebook,
            kernel_name=options.kernel,
            timeout=options.timeout,
            resources={"metadata": {"path": options.cwd}},
            record_timing=False,
            on_cell_execute=self.on_start,
            on_cell_executed=self.on_finish,
        )

    def on_start(self, cell, cell_index):
        self.cell = cell_index
        self.started = time.monotonic()
        emit("start", cell=cell_index)

    def on_finish(self, cell, cell_index, execute_reply):
        ok = execute_reply["content"]["status"] == "ok"
        if ok and "raises-exception" in cell.metadata.get("tags", []):
            raise MustRaise()
        if ok or "raises-exception" in cell.metadata.get("tags", []):
            emit("finish", cell=cell_index, seconds=time.monotonic() - self.started)

    def traceback(self, error):
        """The kernel's traceback as the cell shows it, or the client's text where the kernel sent none."""
        outputs = self.client.nb.cells[self.cell].outputs
        for output in reversed(outputs):
            if output.output_type == "error":
                return list(output.traceback)
        return [str(error)]

    def execute(self):
        memory = PeakMemory()
        started = time.monotonic()
        try:
            notebook = self.client.execute()
        except CellExecutionError as error:
            return self.fail("error", error.ename, error.evalue, self.traceback(error))
        except CellTimeoutError:
            return self.fail("timeout", "CellTimeoutError", f"the cell took longer than {self.client.timeout} s", [])
        except DeadKernelError:
            return self.fail("dead", "DeadKernelError", "the kernel died while the cell ran (out of memory?)", [])
        except MustRaise:
            return self.fail("silent", "MustRaise", "the cell is tagged raises-exception and raised nothing", [])
        emit("done", notebook=notebook, seconds=time.monotonic() - started, peakBytes=memory.bytes)
        return 0

    def fail(self, kind, ename, evalue, traceback):
        emit("error", cell=self.cell, kind=kind, ename=ename, evalue=evalue, traceback=traceback)
        return 1


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    convert = commands.add_parser("convert")
    convert.add_argument("sources", nargs="+")
    run = commands.add_parser("run")
    run.add_argument("source")
    run.add_argument("--cwd", required=True)
    run.add_argument("--kernel", required=True)
    run.add_argument("--timeout", type=int, required=True)
    options = parser.parse_args()

    threading.Thread(target=stop_when_input_closes, daemon=True).start()
    if options.command == "convert":
        for source in options.sources:
            emit("notebook", path=source, notebook=read_source(source))
        return 0
    notebook = read_source(options.source)
    emit("notebook", path=options.source, notebook=notebook)
    return Run(notebook, options).execute()


if __name__ == "__main__":
    sys.exit(main())
