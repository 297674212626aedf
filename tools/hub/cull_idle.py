# Ends learners' servers that nobody has used for a while, on a Hub that has no culler of its own: the Littlest JupyterHub and Zero to JupyterHub
# bring theirs, and are told the time by their own settings. A kernel at work counts as use.
import os
import sys

seconds = os.environ.get("RESIDUAL_HUB_CULL_SECONDS", "7200")
every = os.environ.get("RESIDUAL_HUB_CULL_EVERY", "300")

c.JupyterHub.services.append(
    {
        "name": "cull-idle",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={seconds}", f"--cull-every={every}"],
    }
)
c.JupyterHub.load_roles.append(
    {
        "name": "cull-idle",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["cull-idle"],
    }
)
