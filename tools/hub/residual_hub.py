# What a JupyterHub is told of this course. The Littlest JupyterHub loads this file as a fragment, Zero to JupyterHub takes it as hub.extraConfig,
# and `npm run test:classroom` runs a class on it; docs/jupyterhub.md says how. `c` is the Hub's configuration, as wherever fragments are loaded.
import os

# The course, set up by `npm run setup`: everybody may read it, and nobody but its owner write it.
course = os.environ.get("RESIDUAL_COURSE", "/opt/residual")
# The Python environment with the Jupyter that learners get: the course's own, once it has `jupyterhub` too.
python = os.environ.get("RESIDUAL_HUB_PYTHON", f"{course}/.venv")
# NVIDIA GPUs of this machine. Several learners share one where there are more learners; Kubernetes hands them out by itself.
gpus = int(os.environ.get("RESIDUAL_HUB_GPUS", "0"))

# What one learner may use. SystemdSpawner and KubeSpawner have Linux hold a learner to it; a spawner of plain processes only tells it.
# The largest chapter needs 3 GiB and the browser's server 0.2.
processors = 2
c.Spawner.cpu_limit = processors
c.Spawner.cpu_guarantee = 0.1
c.Spawner.mem_limit = "4G"
c.Spawner.mem_guarantee = "512M"
# JupyterLab's first start in a class that all arrives at ten o'clock.
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

# Linux allows a socket's path 107 characters, and Jupyter's usual folder for kernels' sockets uses up most of them.
c.Spawner.cmd = ["sh", "-c", 'JUPYTER_RUNTIME_DIR="$HOME/.run" exec "$0" "$@"', f"{python}/bin/jupyterhub-singleuser"]
c.Spawner.default_url = "/lab"
c.Spawner.environment.update(
    {
        "PATH": f"{python}/bin:/usr/local/bin:/usr/bin:/bin",
        # The Hub's settings before those of `npm start`, and nothing of the machine's other Jupyters.
        "JUPYTER_CONFIG_PATH": f"{course}/tools/hub/jupyter:{course}/tools/start/jupyter",
        "JUPYTER_PATH": f"{course}/.venv/share/jupyter:{course}/tools/start/jupyter",
        "NBGRADER_EXCHANGE": os.environ.get("NBGRADER_EXCHANGE", "/srv/nbgrader/exchange"),
        # TensorFlow asks for every core that the machine has, whatever the learner's share is.
        "TF_NUM_INTRAOP_THREADS": str(processors),
        "OMP_NUM_THREADS": str(processors),
        "PYTHONNOUSERSITE": "1",
    }
)
if gpus > 0:
    c.Spawner.environment.update(
        {
            "CUDA_VISIBLE_DEVICES": lambda spawner: str(spawner.user.id % gpus),
            # Otherwise the first learner takes all of the GPU's memory.
            "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        }
    )
