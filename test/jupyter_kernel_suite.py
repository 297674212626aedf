"""Jupyter's own kernel tests, all of them, on the course's kernel: run by jupyter-kernel.test.ts."""

import unittest

import jupyter_kernel_test


class ResidualKernelTests(jupyter_kernel_test.KernelTests):
    """Every group of tests but the pager: the kernel has no pager, documentation comes by inspection."""

    kernel_name = "residual"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world");'
    code_stderr = 'console.error("to standard error");'
    completion_samples = [
        {"text": "Math.flo", "matches": {"floor"}},
        {"text": "Number.isSafe", "matches": {"isSafeInteger"}},
    ]
    complete_code_samples = ["1 + 1", "const a: number = 1;", "function f(): void {\n  f();\n}", ""]
    incomplete_code_samples = ["function f() {", "const a = [1,", "if (true) {\n  1;"]
    invalid_code_samples = ["const = ;", "let 1a = 2;", "}"]
    code_generate_error = 'throw new RangeError("bad");'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a".repeat(3)', "result": "aaa"},
        {"code": "[{ a: 1 }, { a: 2 }]", "mime": "text/html"},
        {"code": "({ b: [1, 2] })", "result": "{ b: [ 1, 2 ] }"},
    ]
    code_display_data = [
        {"code": 'display({ "text/html": "<b>bold</b>" });', "mime": "text/html"},
        {"code": 'display({ "image/png": new Uint8Array([137, 80]) });', "mime": "image/png"},
        {"code": "display(123);", "mime": "text/plain"},
    ]
    code_history_pattern = "1?*2"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.floor"
    code_clear_output = "clearOutput();"

    def test_clear_output(self):
        self.flush_channels()
        _reply, outputs = self.execute_helper(code=self.code_clear_output)
        self.assertEqual([message["msg_type"] for message in outputs], ["clear_output"])

    def test_interrupt(self):
        self.flush_channels()
        self.kc.execute('console.log("waits"); await new Promise(() => {});')
        while self.kc.get_iopub_msg(timeout=15)["msg_type"] != "stream":
            pass
        self.km.interrupt_kernel()
        reply = self.get_non_kernel_info_reply(timeout=15)
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(reply["content"]["ename"], "KeyboardInterrupt")


if __name__ == "__main__":
    unittest.main()
