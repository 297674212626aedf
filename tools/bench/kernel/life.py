"""One kernel's life through Jupyter's own client, timed: `life.py '{"argv": [...], "language": ..., ...}'` prints one JSON line."""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

# The same in each language. "{i}" is the number of the cell.
CELLS = {
    "typescript": {
        "plain": "const plain{i} = {i}; plain{i} + 1",
        "completion": "Math.flo",
        "endless": "for (;;) {}",
        "inFunction": "(() => { let s = 0; for (let k = 0; k < 2e8; k++) s += k; return s; })()",
        "atTopLevel": "let s = 0; for (let k = 0; k < 2e8; k++) s += k; s",
    },
    "python": {
        "plain": "plain{i} = {i}; plain{i} + 1",
        "completion": "import math; math.flo",
        "endless": "while True: pass",
        "inFunction": "def f():\n  s = 0\n  for k in range(3000000): s += k\n  return s\nf()",
        "atTopLevel": "s = 0\nfor k in range(3000000): s += k\ns",
    },
}


def process_tree(pid):
    """The process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in process_tree(int(child)))]


def resident_mib(pid):
    """Memory that a process and its children hold, in MiB; None where the system does not tell."""
    if not Path("/proc/self/statm").exists():
        return None
    pages = (int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in process_tree(pid))
    return sum(pages) * 4096 / 2**20


class Life:
    def __init__(self, argv, language, interrupt_mode):
        self.folder = tempfile.TemporaryDirectory()
        spec = Path(self.folder.name, "bench", "kernel.json")
        spec.parent.mkdir()
        fields = {"argv": argv, "display_name": "bench", "language": language, "interrupt_mode": interrupt_mode}
        spec.write_text(json.dumps(fields))
        specs = KernelSpecManager(kernel_dirs=[self.folder.name], ensure_native_kernel=False)
        self.manager = KernelManager(kernel_name="bench", kernel_spec_manager=specs)
        self.cells = CELLS[language]

    def start(self):
        """Seconds from the start of the process to its answer to the first request."""
        begin = time.perf_counter()
        self.manager.start_kernel(cwd=self.folder.name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()
        self.reply(self.client.kernel_info(), begin + 60)
        seconds = time.perf_counter() - begin
        # The subscription to outputs may come later than the first answer.
        while True:
            self.reply(self.client.kernel_info(), begin + 60)
            try:
                self.client.get_iopub_msg(timeout=0.1)
                return seconds
            except Empty:
                continue

    def reply(self, request, end):
        """The reply to a request, which must come before the moment `end`."""
        while True:
            message = self.client.get_shell_msg(timeout=max(0.001, end - time.perf_counter()))
            if message["parent_header"].get("msg_id") == request:
                return message

    def wait(self, request, timeout=60):
        """The reply to a request, once the kernel is idle again."""
        end = time.perf_counter() + timeout
        reply = self.reply(request, end)
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.001, end - time.perf_counter()))
            is_own = message["parent_header"].get("msg_id") == request
            if is_own and message["content"].get("execution_state") == "idle":
                return reply["content"]

    def run(self, cell):
        """Seconds from a cell's request to its end."""
        begin = time.perf_counter()
        content = self.wait(self.client.execute(cell))
        if content["status"] != "ok":
            raise RuntimeError(f"{cell!r} failed: {content.get('ename')}: {content.get('evalue')}")
        return time.perf_counter() - begin

    def complete(self):
        """Seconds from a completion's request to its reply."""
        begin = time.perf_counter()
        content = self.wait(self.client.complete(self.cells["completion"]))
        if not any("floor" in match for match in content["matches"]):
            raise RuntimeError(f"floor is missing among the completions of {self.cells['completion']!r}")
        return time.perf_counter() - begin

    def interrupt(self):
        """Seconds from an interrupt of a loop that never yields to the cell's reply."""
        sent = []

        def stop():
            sent.append(time.perf_counter())
            self.manager.interrupt_kernel()

        threading.Timer(0.5, stop).start()
        self.wait(self.client.execute(self.cells["endless"]))
        return time.perf_counter() - sent[0]

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main():
    options = json.loads(sys.argv[1])
    life = Life(options["argv"], options["language"], options["interruptMode"])
    try:
        found = {"readySeconds": life.start()}
        found["firstCellSeconds"] = found["readySeconds"] + life.run("1 + 1")
        time.sleep(1)
        found["idleMib"] = resident_mib(life.manager.provisioner.process.pid)
        cells = [1000 * life.run(life.cells["plain"].replace("{i}", str(i))) for i in range(options["cells"])]
        found["cellMs"] = statistics.median(cells)
        last = cells[-max(1, len(cells) // 10) :]
        found["lastCellsMs"] = statistics.median(last)
        found["completionMs"] = 1000 * statistics.median(life.complete() for _ in range(options["completions"]))
        if options["loops"]:
            # Twice each: the first time warms up.
            ways = {way: [life.run(life.cells[way]) for _ in range(2)][1] for way in ("inFunction", "atTopLevel")}
            found["loopRatio"] = ways["atTopLevel"] / ways["inFunction"]
        if options["interrupt"]:
            found["interruptMs"] = 1000 * life.interrupt()
    finally:
        life.end()
    print(json.dumps(found))


main()
