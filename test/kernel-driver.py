"""Drives one kernel through jupyter_client for the tests: JSON lines in (commands), JSON lines out (what came back)."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager


def answer(**fields):
    print(json.dumps(fields), flush=True)


def plain(message):
    return {"type": message["header"]["msg_type"], "content": message["content"]}


class Driver:
    """One kernel, started from the specification in kernel/kernelspec.json."""

    def __init__(self, node, kernel, cwd):
        folder = tempfile.TemporaryDirectory()
        self.folder = folder
        self.log = Path(folder.name, "kernel.log").open("w")
        spec = Path(folder.name, "residual")
        spec.mkdir()
        template = Path(kernel, "kernelspec.json").read_text()
        spec.joinpath("kernel.json").write_text(template.replace("{node}", node).replace("{kernel}", kernel))
        self.manager = KernelManager(
            kernel_name="residual",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[folder.name], ensure_native_kernel=False),
        )
        self.cwd = cwd

    def start(self):
        # Node makes the pipes that it inherits non-blocking, for this process too: the kernel gets others.
        self.manager.start_kernel(cwd=self.cwd, stdout=subprocess.DEVNULL, stderr=self.log)
        return self.connect()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()
        begin = time.monotonic()
        self.client.wait_for_ready(timeout=60)
        return {"pid": self.manager.provisioner.process.pid, "seconds": time.monotonic() - begin}

    def collect(self, requests, timeout):
        """All iopub messages and the reply of each request, until each is idle."""
        results = {request: {"reply": None, "outputs": [], "idle": False} for request in requests}
        end = time.monotonic() + timeout
        while not all(result["idle"] and result["reply"] for result in results.values()):
            if time.monotonic() > end:
                raise TimeoutError(f"no end within {timeout} s: {results}")
            for source in (self.client.get_iopub_msg, self.client.get_shell_msg):
                try:
                    message = source(timeout=0.02)
                except Empty:
                    continue
                result = results.get(message["parent_header"].get("msg_id"))
                if result is None:
                    continue
                if source == self.client.get_shell_msg:
                    result["reply"] = message["content"]
                elif message["header"]["msg_type"] == "status":
                    result["idle"] = message["content"]["execution_state"] == "idle"
                else:
                    result["outputs"].append({**plain(message), "at": time.monotonic()})
        return [results[request] for request in requests]

    def execute(self, cells, options={}, interrupt_after=None, timeout=60):
        requests = [self.client.execute(cell, **options) for cell in cells]
        if interrupt_after is not None:
            threading.Timer(interrupt_after, self.manager.interrupt_kernel).start()
        return self.collect(requests, timeout)

    def ask(self, method, args=[], keywords={}):
        request = getattr(self.client, method)(*args, **keywords)
        return self.collect([request], 30)[0]["reply"]

    def restart(self):
        self.client.stop_channels()
        self.manager.restart_kernel(now=False)
        return self.connect()

    def send_raw(self, frames):
        """Sends frames as they are to the shell channel."""
        socket = self.client.shell_channel.socket
        socket.send_multipart([frame.encode() for frame in frames])

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        return {"alive": self.manager.is_alive()}

    def abandon(self):
        """Leaves without a word, as a server that was killed does."""
        os._exit(0)


def main():
    driver = Driver(*sys.argv[1:4])
    for line in sys.stdin:
        command = json.loads(line)
        try:
            result = getattr(driver, command["do"])(**command.get("with", {}))
            answer(ok=True, result=result)
        except Exception as error:  # each failure is one answer; the test decides what it means
            answer(ok=False, error=f"{type(error).__name__}: {error}")


main()
