# A learner's Jupyter on a Hub: tools/hub/residual_hub.py has it read, before the settings of `npm start`.
import os

c = get_config()  # noqa: F821

# Learners fetch, hand in and read feedback in the list of assignments. Validate would find no check in a learner's notebook, and the rest is the instructor's.
teacher = os.environ.get("RESIDUAL_HUB_ROLE") == "teacher"
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.assignment_list": True,
    "nbgrader.server_extensions.course_list": teacher,
    "nbgrader.server_extensions.formgrader": teacher,
    "nbgrader.server_extensions.validate_assignment": False,
    "jupyterlab_jupytext": False,
}
c.KernelSpecManager.allowed_kernelspecs = {"residual"}
c.KernelSpecManager.ensure_native_kernel = False

# Whoever reaches a kernel's ports can read what it prints: Jupyter signs messages, it does not hide them. On a machine that learners share
# every account reaches every port, so kernels are spoken to through sockets in a folder that is closed to others (residual_hub.py says which).
c.KernelManager.transport = "ipc"

# A learner leaves a kernel open in each chapter that was read; one that rests for an hour goes, and the notebook stays as it is.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_interval = 300
c.MappingKernelManager.cull_connected = True
c.MappingKernelManager.cull_busy = False
