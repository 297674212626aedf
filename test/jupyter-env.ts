// The environment of a Jupyter that keeps everything in a folder of its own: no test sees another's settings, or a person's.
import { join, resolve } from "node:path";
import { jupyterEnv } from "../tools/start/start";

const root = resolve(__dirname, "..");

/** For programs of the course's `.venv`; what they would write into the account's folders goes into `folder`. */
export function ownJupyterEnv(folder: string): NodeJS.ProcessEnv {
  return {
    ...jupyterEnv(root, { teacher: false }),
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
    IPYTHONDIR: join(folder, "ipython"),
  };
}
