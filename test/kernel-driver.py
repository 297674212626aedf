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

import zmq
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
        self.specs = KernelSpecManager(kernel_dirs=[folder.name], ensure_native_kernel=False)
        self.cwd = cwd

    def start(self):
        self.launch()
        return self.connect()

    def launch(self):
        self.manager = KernelManager(kernel_name="residual", kernel_spec_manager=self.specs)
        # Node makes the pipes that it inherits non-blocking, for this process too: the kernel gets others.
        self.manager.start_kernel(cwd=self.cwd, stdout=subprocess.DEVNULL, stderr=self.log)

    def connect(self, tries=3):
        """Connects when the kernel is ready.

        A port that was free when Jupyter chose it may be taken when the kernel binds it, be it by a client that tries it until somebody
        listens: its own end may get that number. The kernel says so and ends; another manager chooses other ports.
        """
        begin = time.monotonic()
        while True:
            self.client = self.manager.client()
            self.client.start_channels()
            try:
                self.client.wait_for_ready(timeout=60)
                return {"pid": self.manager.provisioner.process.pid, "seconds": time.monotonic() - begin}
            except RuntimeError as error:
                self.client.stop_channels()
                said = Path(self.log.name).read_text()
                tries -= 1
                if "Address already in use" not in said or tries == 0:
                    raise RuntimeError(f"{error}; its log: {said}") from error
            self.log.seek(0)
            self.log.truncate()
            self.manager.shutdown_kernel(now=True)
            self.launch()

    def collect(self, requests, timeout, on_output=None):
        """All iopub messages and the reply of each request, until each is idle; `on_output` sees each output as it comes."""
        results = {request: {"reply": None, "outputs": [], "idle": False} for request in requests}
        sources = {
            self.client.iopub_channel.socket: self.client.get_iopub_msg,
            self.client.shell_channel.socket: self.client.get_shell_msg,
        }
        poller = zmq.Poller()
        for socket in sources:
            poller.register(socket, zmq.POLLIN)
        end = time.monotonic() + timeout
        while open_ := [result for result in results.values() if not (result["idle"] and result["reply"])]:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(open_)} of {len(requests)} did not end within {timeout} s; the first: {open_[0]}")
            for socket, _event in poller.poll(100):
                message = sources[socket](timeout=1)
                result = results.get(message["parent_header"].get("msg_id"))
                if result is None:
                    continue
                if socket == self.client.shell_channel.socket:
                    result["reply"] = message["content"]
                elif message["header"]["msg_type"] == "status":
                    result["idle"] = message["content"]["execution_state"] == "idle"
                else:
                    result["outputs"].append({**plain(message), "at": time.monotonic()})
                    if on_output:
                        on_output(message)
        return [results[request] for request in requests]

    def execute(self, cells, options={}, interrupt_after=None, interrupt_on=None, interrupts=1, answers=[], timeout=60, ids=None):
        """Runs cells, in the notebook's cells `ids`; interrupts some seconds after their request, or after `interrupt_on` is written; answers `input()`."""
        requests = [self.client.execute(cell, **{"allow_stdin": bool(answers), **options}) for cell in cells] if ids is None else []
        for cell, id in zip(cells, ids or []):
            message = self.client.session.msg("execute_request", {"code": cell, "silent": False}, metadata={"cellId": id})
            self.client.shell_channel.send(message)
            requests.append(message["header"]["msg_id"])

        def interrupt():
            for _ in range(interrupts):
                self.manager.interrupt_kernel()

        waiting = [interrupt_on] if interrupt_on else []

        def on_output(message):
            if waiting and waiting[0] in message["content"].get("text", ""):
                waiting.clear()
                threading.Timer(interrupt_after or 0, interrupt).start()

        if interrupt_after is not None and interrupt_on is None:
            threading.Timer(interrupt_after, interrupt).start()
        prompts = []
        for answer in answers:
            prompts.append(self.client.get_stdin_msg(timeout=timeout)["content"])
            self.client.input(answer)
        results = self.collect(requests, timeout, on_output)
        return [{**result, "prompts": prompts} for result in results]

    def send(self, channel, type, content={}, key=None):
        """Sends any request, signed with another key if asked; its outputs and reply, or an empty result if there is none."""
        session = self.client.session
        message = session.msg(type, content)
        own = session.key
        if key is not None:
            session.key = key.encode()
        session.send(getattr(self.client, f"{channel}_channel").socket, message)
        session.key = own
        outputs = []
        end = time.monotonic() + (1 if key is not None else 10)
        while time.monotonic() < end:
            try:
                found = self.client.get_iopub_msg(timeout=0.05)
            except Empty:
                continue
            if found["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                outputs.append(plain(found))
                if found["content"].get("execution_state") == "idle":
                    break
        return outputs

    def replay(self, cell):
        """Sends one signed request twice, byte for byte; how often it ran."""
        session = self.client.session
        request = session.msg("execute_request", {"code": cell, "silent": False})
        frames = session.serialize(request)
        for _ in range(2):
            self.client.shell_channel.socket.send_multipart(frames)
        self.collect([request["header"]["msg_id"]], 30)
        return self.collect([self.client.execute("0")], 30)

    def echoes(self):
        """Whether the kernel echoes what comes on its heartbeat channel."""
        socket = zmq.Context.instance().socket(zmq.REQ)
        socket.connect(f"tcp://{self.client.ip}:{self.client.hb_port}")
        socket.send(b"are you there")
        return bool(socket.poll(5000)) and socket.recv() == b"are you there"

    def heartbeat(self, during=None):
        """Whether the heartbeat echoes; `during` is a cell that writes something, never ends, and is interrupted afterwards."""
        if during is None:
            return {"echoed": self.echoes()}
        echoed = []

        def on_output(message):
            if message["header"]["msg_type"] == "stream":
                echoed.append(self.echoes())
                self.manager.interrupt_kernel()

        [result] = self.collect([self.client.execute(during)], 60, on_output)
        return {"echoed": all(echoed) and bool(echoed), "result": result}

    def ending(self, cell, timeout=60):
        """Runs a cell that ends the kernel: its exit code, and what had been printed."""
        request = self.client.execute(cell)
        code = self.manager.provisioner.process.wait(timeout)
        text = ""
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                return {"code": code, "text": text}
            if message["parent_header"].get("msg_id") == request and message["header"]["msg_type"] == "stream":
                text += message["content"]["text"]

    def beside(self, cell, requests, timeout=60):
        """Starts a cell, and sends requests of editors when it has written something: all that came, in its order."""
        execution = self.client.execute(cell)
        while self.client.get_iopub_msg(timeout=timeout)["header"]["msg_type"] != "stream":
            pass
        session = self.client.session
        messages = [session.msg(type, content) for type, content in requests]
        for message in messages:
            session.send(self.client.shell_channel.socket, message)
        replies = [self.client.get_shell_msg(timeout=timeout) for _ in [*messages, execution]]
        states = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["header"]["msg_type"] == "status":
                own = message["parent_header"].get("msg_id") == execution
                states.append([own, message["content"]["execution_state"]])
                if states[-1] == [True, "idle"]:
                    return {"replies": [plain(reply) for reply in replies], "states": states}

    def request(self, channel, type, content={}, timeout=10):
        """The reply to any request."""
        message = self.client.session.msg(type, content)
        self.client.session.send(getattr(self.client, f"{channel}_channel").socket, message)
        receive = self.client.get_shell_msg if channel == "shell" else self.client.get_control_msg
        while True:
            reply = receive(timeout=timeout)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return plain(reply)

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
